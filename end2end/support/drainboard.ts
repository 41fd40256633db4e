import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from './ports';
import { Program, waitFor } from './process';

/** The binary under test: `cargo xtask test` names it; by hand it is the one in the build directory. */
const binary = process.env.DRAINBOARD_BINARY ?? join(import.meta.dirname, '../../target/debug/drainboard');

/** What one call of the API answered. */
export interface Answer {
  status: number;
  /** Its shape is the contract's; each journey knows what it asked for. */
  body: any;
}

/** A Drainboard of the journey's own: its own port, its own database. */
export class Drainboard {
  private constructor(
    private readonly port: number,
    readonly database: string,
    private readonly flags: string[],
    private program: Program,
  ) {}

  static async start(directory: string, flags: string[] = []): Promise<Drainboard> {
    if (!existsSync(binary)) {
      throw new Error(`${binary} is missing: \`cargo xtask test browser\` builds it`);
    }
    const port = await freePort();
    const database = join(directory, 'drainboard.db');
    const drainboard = new Drainboard(port, database, flags, serve(port, database, flags));
    await drainboard.isReady();
    return drainboard;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** What it has printed since its last start. */
  get log(): string {
    return this.program.log;
  }

  /** Asks it to stop and returns its exit code. */
  stop(): Promise<number | null> {
    return this.program.end('SIGTERM');
  }

  /** Ends it without warning. */
  async kill(): Promise<void> {
    await this.program.end('SIGKILL');
  }

  /** Starts it again on the same port and the same database; it must not run. */
  async start(): Promise<void> {
    this.program = serve(this.port, this.database, this.flags);
    await this.isReady();
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  /** One call of the API: `api('POST', '/target-groups', { name: 'web', … })`. */
  async api(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: body === undefined ? {} : { 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? null : JSON.parse(text) };
  }

  private async isReady(): Promise<void> {
    const ready = await waitFor(async () => {
      if (!this.program.isRunning) return false;
      const response = await fetch(`${this.url}/readyz`).catch(() => null);
      return response?.ok ? true : null;
    }, 60_000);
    if (!ready) throw new Error(`Drainboard did not become ready\n${this.log}`);
  }
}

function serve(port: number, database: string, flags: string[]): Program {
  return Program.start(binary, ['serve', '--listen', `127.0.0.1:${port}`, '--database', database, ...flags]);
}
