import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { freePort } from './ports';
import { Program, waitFor } from './process';

/** A server line: the name that HAProxy has for it, and its port. */
export interface Server {
  name: string;
  port: number;
}

/** A real HAProxy with one backend, `web`, whose servers it checks itself. */
export class Haproxy {
  private constructor(
    /** Where clients connect to. */
    readonly front: number,
    private readonly socket: string,
    private readonly config: string,
    private program: Program,
  ) {}

  static async start(directory: string, servers: Server[]): Promise<Haproxy> {
    const front = await freePort();
    const socket = join(directory, 'admin.sock');
    const config = join(directory, 'haproxy.cfg');
    const lines = servers.map(({ name, port }) => `  server ${name} 127.0.0.1:${port} check`);
    await writeFile(
      config,
      [
        `global\n  stats socket ${socket} mode 600 level admin`,
        'defaults\n  mode tcp\n  timeout connect 2s\n  timeout client 60s\n  timeout server 60s',
        `listen web\n  bind 127.0.0.1:${front}\n  default-server inter 200ms fall 2 rise 1`,
        ...lines,
        '',
      ].join('\n'),
    );
    const haproxy = new Haproxy(front, socket, config, run(config));
    await haproxy.answers();
    return haproxy;
  }

  /** As people write it into the form. */
  get address(): string {
    return `unix:${this.socket}`;
  }

  async kill(): Promise<void> {
    await this.program.end('SIGKILL');
  }

  /** Starts it again, with nothing of what it was told. */
  async startAgain(): Promise<void> {
    this.program = run(this.config);
    await this.answers();
  }

  /** Says something to it behind Drainboard's back, and returns what it answers. */
  say(command: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = connect(this.socket);
      let answer = '';
      socket.on('data', (text) => (answer += text.toString()));
      socket.once('end', () => resolve(answer));
      socket.once('error', reject);
      socket.write(`${command}\n`);
    });
  }

  /** The admin state of a server as HAProxy itself shows it. */
  async status(server: string): Promise<string> {
    const [head, ...rows] = (await this.say('show stat')).trim().split('\n');
    const columns = head!.replace('# ', '').split(',');
    const row = rows.map((row) => row.split(',')).find((row) => row[1] === server);
    return row?.[columns.indexOf('status')] ?? 'gone';
  }

  private async answers(): Promise<void> {
    const answers = await waitFor(async () => {
      const answer = await this.say('show info').catch(() => '');
      return answer.includes('Version') ? true : null;
    }, 30_000);
    if (answers === null) {
      throw new Error(`HAProxy does not answer (it is a package of Debian: apt-get install haproxy)\n${this.program.log}`);
    }
  }
}

function run(config: string): Program {
  const path = `${process.env.PATH}:/usr/sbin:/usr/local/sbin`;
  return Program.start('haproxy', ['-db', '-f', config], { PATH: path });
}
