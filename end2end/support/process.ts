import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** A program that a journey started. It is ended at the latest when the journey ends. */
export class Program {
  private output = '';
  private readonly ended: Promise<unknown>;

  private constructor(private readonly child: ChildProcess) {
    this.ended = once(child, 'exit');
    child.stdout?.on('data', (text) => this.append(text));
    child.stderr?.on('data', (text) => this.append(text));
  }

  static start(command: string, args: string[], env: NodeJS.ProcessEnv = {}): Program {
    return new Program(spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] }));
  }

  /** What it has printed so far. */
  get log(): string {
    return this.output;
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Sends a signal to it if it still runs, and waits for its end. */
  async end(signal: NodeJS.Signals): Promise<number | null> {
    if (this.isRunning) {
      this.child.kill(signal);
      await this.ended;
    }
    return this.child.exitCode;
  }

  /** Sends a signal that it survives, such as SIGSTOP. */
  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  private append(text: Buffer): void {
    this.output = (this.output + text.toString()).slice(-1_000_000);
  }
}

/** Asks again until there is an answer, or returns null when the time is over. */
export async function waitFor<T>(ask: () => T | null | Promise<T | null>, within: number): Promise<T | null> {
  const end = Date.now() + within;
  while (Date.now() < end) {
    const answer = await ask();
    if (answer !== null) return answer;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return null;
}
