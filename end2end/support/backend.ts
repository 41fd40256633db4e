import { connect } from 'node:net';
import { freePort } from './ports';
import { Program, waitFor } from './process';

/** A real HTTP server, `python3 -m http.server`, that can be killed and started again on its port. */
export class Backend {
  private constructor(
    readonly port: number,
    private readonly directory: string,
    private program: Program,
  ) {}

  static async start(directory: string): Promise<Backend> {
    const port = await freePort();
    const backend = new Backend(port, directory, serve(port, directory));
    await backend.listens();
    return backend;
  }

  get host(): string {
    return '127.0.0.1';
  }

  /** As people write it into the form: `127.0.0.1:8101`. */
  get address(): string {
    return `${this.host}:${this.port}`;
  }

  /** SIGKILL: the kernel closes its sockets, nobody says goodbye. */
  async kill(): Promise<void> {
    await this.program.end('SIGKILL');
  }

  /** Stops answering without closing anything, until `thaw`. */
  freeze(): void {
    this.program.signal('SIGSTOP');
  }

  thaw(): void {
    this.program.signal('SIGCONT');
  }

  /** Starts it again on the same port. */
  async startAgain(): Promise<void> {
    this.program = serve(this.port, this.directory);
    await this.listens();
  }

  private async listens(): Promise<void> {
    const listens = await waitFor(async () => ((await accepts(this.port)) ? true : null), 30_000);
    if (listens === null) throw new Error(`no backend on ${this.address}\n${this.program.log}`);
  }
}

function serve(port: number, directory: string): Program {
  return Program.start('python3', ['-m', 'http.server', `${port}`, '--bind', '127.0.0.1', '--directory', directory]);
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
