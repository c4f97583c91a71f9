// TLS for listeners: the files that a configuration names made into what Node takes, who a client is by its certificate, and
// why a handshake failed. Knows certificates; knows neither MQTT nor which users there are.
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import type { Server } from 'node:net';
import {
  createSecureContext,
  DEFAULT_CIPHERS,
  type SecureContextOptions,
  type TLSSocket,
  type TlsOptions,
} from 'node:tls';
import type { TlsConfiguration } from './config/configuration.ts';
import { parseLists, type Revocations, revocationOf } from './revocations.ts';

/** What a listener with TLS needs. */
export interface Secrets extends TlsOptions {
  readonly revocations: Revocations | undefined;
}

/** Files that cannot be used for TLS. The message is Mosquitto's. */
export class TlsError extends Error {
  override readonly name = 'TlsError';
}

const CERTIFICATE = /-----BEGIN (?:TRUSTED )?CERTIFICATE-----.+?-----END (?:TRUSTED )?CERTIFICATE-----/gs;

/**
 * Reads the files of a listener.
 * @throws TlsError if one of them cannot be used
 */
export function readTls(tls: TlsConfiguration): Secrets {
  const { certfile, keyfile, requireCertificate } = tls;
  const cert = use(
    certfile,
    isCertificates,
    `Error: Unable to load server certificate "${certfile}". Check certfile.`,
  );
  const key = use(keyfile, isKey, `Error: Unable to load server key file "${keyfile}". Check keyfile.`);
  if (!new X509Certificate(cert).checkPrivateKey(createPrivateKey(key)))
    throw new TlsError('Error: Server certificate/key are inconsistent.');
  const authorities = authoritiesOf(tls);
  const options: SecureContextOptions = {
    cert,
    key,
    minVersion: tls.minimumVersion,
    ciphers: ciphersOf(tls),
    ca: authorities,
    dhparam: tls.dhparamfile
      ? use(tls.dhparamfile, isParameters, `Error loading dhparamfile "${tls.dhparamfile}".`)
      : 'auto',
  };
  try {
    createSecureContext(options);
  } catch (error) {
    throw new TlsError(complaintOf(error, tls));
  }
  const lists = tls.crlfile && parseLists(use(tls.crlfile, isRevocations, revocationComplaint(tls.crlfile)));
  const revocations = lists
    ? { lists, authorities: authorities.map((pem) => new X509Certificate(pem)) }
    : undefined;
  return { ...options, requestCert: requireCertificate, rejectUnauthorized: requireCertificate, revocations };
}

/** The certificates that clients' certificates are checked against; where none are named, none is good. */
function authoritiesOf({ cafile, capath }: TlsConfiguration): string[] {
  const complaint = (where: string) => `Error: Unable to load CA certificates. Check ${where}.`;
  const ca: string[] = [];
  if (cafile !== undefined)
    ca.push(...certificatesOf(use(cafile, isCertificates, complaint(`cafile "${cafile}"`))));
  if (capath !== undefined) ca.push(...folderOf(capath, complaint(`capath "${capath}"`)));
  return [...new Set(ca)];
}

function folderOf(path: string, complaint: string): string[] {
  try {
    const files = readdirSync(path, { withFileTypes: true }).filter((entry) => !entry.isDirectory());
    return files.flatMap(({ name }) => certificatesOf(readFileSync(`${path}/${name}`, 'latin1')));
  } catch {
    throw new TlsError(complaint);
  }
}

function certificatesOf(pem: string): string[] {
  return pem.match(CERTIFICATE) ?? [];
}

/** Reads a file. @throws TlsError with the complaint if it cannot be read or does not hold what it should */
function use(path: string, holds: (pem: string) => boolean, complaint: string): string {
  try {
    const pem = readFileSync(path, 'latin1');
    if (holds(pem)) return pem;
  } catch {
    // Unreadable and unusable come to the same.
  }
  throw new TlsError(complaint);
}

function isCertificates(pem: string): boolean {
  const all = certificatesOf(pem);
  for (const one of all) new X509Certificate(one);
  return all.length > 0;
}

function isKey(pem: string): boolean {
  createPrivateKey(pem);
  return true;
}

function isRevocations(pem: string): boolean {
  createSecureContext({ crl: pem });
  return parseLists(pem).length > 0;
}

function isParameters(pem: string): boolean {
  createSecureContext({ dhparam: pem });
  return pem.includes('-----BEGIN DH PARAMETERS-----');
}

function revocationComplaint(path: string): string {
  return `Error: Unable to load certificate revocation file "${path}". Check crlfile.`;
}

/** Node takes the ciphers of all versions in one list, and speaks TLS 1.3 only where that names ciphers for it. */
function ciphersOf({ ciphers, ciphersuites, minimumVersion }: TlsConfiguration): string {
  const known = DEFAULT_CIPHERS.split(':');
  const suites = ciphersuites ?? known.filter((name) => name.startsWith('TLS_')).join(':');
  const older = ciphers ?? known.filter((name) => !name.startsWith('TLS_')).join(':');
  // The hashes of TLS 1.1 are below what OpenSSL does unless it is told to.
  return minimumVersion === 'TLSv1.1' && ciphers === undefined
    ? `${suites}:${older}:@SECLEVEL=0`
    : `${suites}:${older}`;
}

function complaintOf(error: unknown, { ciphers, ciphersuites }: TlsConfiguration): string {
  if (/cipher/i.test(String(error)) && ciphersuites !== undefined && ciphers === undefined)
    return `Error: Unable to set TLS 1.3 ciphersuites. Check cipher_tls13 list "${ciphersuites}".`;
  if (/cipher/i.test(String(error)))
    return `Error: Unable to set TLS ciphers. Check cipher list "${ciphers}".`;
  return `Error: Unable to create TLS context: ${error instanceof Error ? error.message : error}`;
}

/**
 * Tells of handshakes that fail, and has those fail whose certificate was revoked.
 * @param server a server for TLS or HTTPS
 * @param report takes the other end's name and the reason
 * @param revocations what is known of revoked certificates by now
 */
export function watchHandshakes(
  server: Server,
  report: (peer: string, reason: string) => void,
  revocations: () => Revocations | undefined = () => undefined,
): void {
  const peers = new WeakMap<object, string>();
  // When a handshake has failed, its socket no longer knows whom it was connected to.
  server.on('connection', (socket) => peers.set(socket, `${socket.remoteAddress}:${socket.remotePort}`));
  server.on('tlsClientError', (error: NodeJS.ErrnoException, socket: TLSSocket & { _parent?: object }) => {
    const peer = peers.get(socket._parent ?? socket) ?? `${socket.remoteAddress}:${socket.remotePort}`;
    report(peer, reasonOf(error, socket));
  });
  server.prependListener('secureConnection', (socket: TLSSocket) => {
    const known = revocations();
    const certificate = socket.getPeerX509Certificate();
    const reason = known && certificate && revocationOf(certificate, known, Date.now());
    if (reason === undefined) return;
    report(`${socket.remoteAddress}:${socket.remotePort}`, refused(reason));
    socket.destroy();
  });
}

function reasonOf(error: NodeJS.ErrnoException, socket: TLSSocket): string {
  if (socket.authorizationError) return refused(`${socket.authorizationError}`);
  if (error.code === 'ECONNRESET') return 'the client closed the connection during the handshake';
  return 'reason' in error && typeof error.reason === 'string' ? error.reason : error.message;
}

function refused(why: string): string {
  return `the client's certificate was refused: ${why}`;
}

/** The first common name in a client's certificate, if it shows one. */
export function commonName(socket: TLSSocket): string | undefined {
  const { subject } = socket.getPeerCertificate();
  const names: string | string[] | undefined = subject?.CN;
  const name = Array.isArray(names) ? names[0] : names;
  return name === undefined || name.includes('\0') ? undefined : name;
}

/** The whole subject of a client's certificate, as RFC 2253 writes it, if it shows one. */
export function subjectOf(socket: TLSSocket): string | undefined {
  const certificate = socket.getPeerX509Certificate();
  return certificate && formatSubject(certificate);
}

/** RFC 2253, section 2: the last part comes first, and what is not ASCII is written byte by byte. */
export function formatSubject({ subject }: X509Certificate): string {
  const inner = subject.split('\n').reverse().join(',');
  return Array.from(new TextEncoder().encode(inner), (byte) =>
    byte < 0x80 ? String.fromCharCode(byte) : hex(byte),
  ).join('');
}

function hex(byte: number): string {
  return `\\${byte.toString(16).toUpperCase()}`;
}
