import { Program, waitFor } from './process';

const HOLD = `
import sqlite3, sys, time
store = sqlite3.connect(sys.argv[1], isolation_level=None)
store.execute("begin immediate")
print("held", flush=True)
time.sleep(600)
`;

/** Takes the right to write away from the store, as a backup tool that hangs would, until it is ended. */
export async function holdStore(database: string): Promise<Program> {
  const holder = Program.start('python3', ['-c', HOLD, database]);
  const held = await waitFor(() => (holder.log.includes('held') ? true : null), 20_000);
  if (held === null) throw new Error(`the store could not be held\n${holder.log}`);
  return holder;
}
