import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { promisify } from 'node:util';

/** What an attacker would write into every text that a console may show. */
export const SCRIPT = '<script>alert(1)</script><img src=x onerror=alert(2)>"\'';

/** A server that says these bytes to whoever connects. */
export async function says(bytes: string): Promise<{ address: string; close: () => void }> {
  return listen(
    createServer((socket) => {
      socket.on('error', () => socket.destroy());
      socket.once('data', () => socket.end(bytes));
    }),
  );
}

/** A TLS server whose certificate, signed by an authority of its own, names something that no host is called. */
export async function tlsServer(directory: string): Promise<{ address: string; authority: string; close: () => void }> {
  const at = (name: string): string => join(directory, name);
  const openssl = (...args: string[]) => promisify(execFile)('openssl', args);
  await writeFile(at('leaf.ext'), `subjectAltName=DNS:<script>alert(3)</script>.example\n`);
  await openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2',
    '-subj', '/CN=journeys', '-keyout', at('ca.key'), '-out', at('ca.pem'));
  await openssl('req', '-new', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes',
    '-subj', '/CN=<img src=x onerror=alert(4)>', '-keyout', at('leaf.key'), '-out', at('leaf.csr'));
  await openssl('x509', '-req', '-in', at('leaf.csr'), '-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-CAcreateserial',
    '-days', '2', '-extfile', at('leaf.ext'), '-out', at('leaf.pem'));
  const [key, cert] = [await readFile(at('leaf.key')), await readFile(at('leaf.pem'))];
  const server = createTlsServer({ key, cert }, (socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n'));
  server.on('tlsClientError', () => {});
  return { ...(await listen(server)), authority: at('ca.pem') };
}

async function listen(server: Server): Promise<{ address: string; close: () => void }> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() };
}
