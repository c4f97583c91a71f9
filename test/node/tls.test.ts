// TLS for listeners: who gets in, what is said of those who do not, and of files that cannot be used.
import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { type ConnectionOptions, connect, createServer, type TLSSocket } from 'node:tls';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { TlsConfiguration } from '#broker/node/config/configuration.ts';
import {
  commonName,
  formatSubject,
  readTls,
  type Secrets,
  subjectOf,
  TlsError,
  watchHandshakes,
} from '#broker/node/tls.ts';
import { type Certificate, type Certificates, certificates, contents } from './certificates.ts';
import { isInstalled } from './files.ts';

function tlsOf({ server, ca }: Certificates, more: Partial<TlsConfiguration> = {}): TlsConfiguration {
  return {
    certfile: server.cert,
    keyfile: server.key,
    cafile: ca,
    capath: undefined,
    crlfile: undefined,
    dhparamfile: undefined,
    ciphers: undefined,
    ciphersuites: undefined,
    minimumVersion: 'TLSv1.2',
    requireCertificate: false,
    ...more,
  };
}

interface Meeting {
  /** Who came in: the name and the subject of each client's certificate, and how it is spoken with. */
  readonly welcome: {
    name: string | undefined;
    subject: string | undefined;
    cipher: string;
    version: string | null;
  }[];
  readonly failed: string[];
}

/** Has a client meet a server, and tells what the server saw when both are done with each other. */
async function meet(options: Secrets, client: ConnectionOptions, isHttps = false): Promise<Meeting> {
  const meeting: Meeting = { welcome: [], failed: [] };
  const server = isHttps ? createHttpsServer(options) : createServer(options);
  server.on('secureConnection', (socket: TLSSocket) => {
    if (socket.destroyed) return;
    const { standardName: cipher } = socket.getCipher();
    meeting.welcome.push({
      name: commonName(socket),
      subject: subjectOf(socket),
      cipher,
      version: socket.getProtocol(),
    });
    socket.end();
  });
  const done = new Promise<void>((resolve) => {
    server.once('secureConnection', () => resolve());
    const report = (peer: string, reason: string) => {
      expect(peer).toMatch(/^127\.0\.0\.1:\d+$/);
      meeting.failed.push(reason);
      resolve();
    };
    watchHandshakes(server, report, () => options.revocations);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...client });
  socket.on('error', () => {});
  socket.resume();
  onTestFinished(() => {
    socket.destroy();
    server.close();
  });
  await done;
  return meeting;
}

describe.skipIf(!isInstalled('openssl') && process.env.CI !== 'true')('a listener with TLS', () => {
  test.each([false, true])('lets in whoever comes (over HTTPS: %s)', async (isHttps) => {
    const files = certificates();
    const meeting = await meet(
      readTls(tlsOf(files)),
      { ca: readFileSync(files.ca), rejectUnauthorized: true, servername: 'localhost' },
      isHttps,
    );
    expect(meeting).toMatchObject({
      welcome: [{ name: undefined, subject: undefined, version: 'TLSv1.3' }],
      failed: [],
    });
  });

  test('that requires certificates lets in whoever shows one, and knows by it who that is', async () => {
    const files = certificates();
    const options = readTls(tlsOf(files, { requireCertificate: true }));
    expect(await meet(options, contents(files.client))).toMatchObject({
      welcome: [
        {
          name: 'test client',
          subject: 'CN=test client,OU=Production,O=Server\\, Inc.,ST=\\C3\\85lesund,C=GB',
        },
      ],
      failed: [],
    });
  });

  test.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'that requires certificates says why it turned somebody away (%s)',
    async (version) => {
      const files = certificates();
      const reasons: string[] = [];
      const show = async (shown: Certificate | undefined, crlfile?: string) => {
        const options = readTls(tlsOf(files, { requireCertificate: true, crlfile }));
        const { failed } = await meet(options, { maxVersion: version, ...(shown && contents(shown)) });
        reasons.push(...failed);
      };
      await show(undefined);
      await show(files.stranger);
      await show(files.revoked, files.crl);
      await show(files.client, files.crl);
      expect(reasons).toEqual([
        'peer did not return a certificate',
        "the client's certificate was refused: DEPTH_ZERO_SELF_SIGNED_CERT",
        "the client's certificate was refused: CERT_REVOKED",
      ]);
    },
  );

  test('is content with the list of whoever signed the certificate, and looks at the lists above it where they are', async () => {
    const files = certificates();
    const { path } = files;
    const openssl = (line: string) =>
      execFileSync('openssl', line.split(' '), { cwd: path, stdio: 'ignore' });
    const key = '-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -config openssl.cnf';
    writeFileSync(`${path}/signer.ext`, 'basicConstraints=CA:TRUE');
    openssl(`req -new ${key} -keyout signer.key -out signer.csr -subj /CN=signer`);
    openssl(
      'x509 -req -in signer.csr -CA authority.crt -CAkey authority.key -set_serial 70 -extfile signer.ext -out signer.crt',
    );
    openssl(`req -new ${key} -keyout inner.key -out inner.csr -subj /CN=inner`);
    openssl('x509 -req -in inner.csr -CA signer.crt -CAkey signer.key -set_serial 71 -out inner.crt');
    const inner = contents({ cert: `${path}/inner.crt`, key: `${path}/inner.key` });
    const cafile = `${path}/both.crt`;
    writeFileSync(cafile, readFileSync(`${path}/signer.crt`, 'latin1') + readFileSync(files.ca, 'latin1'));
    const ca = (name: string) => `ca -config openssl.cnf -keyfile ${name}.key -cert ${name}.crt`;
    const list = (name: string, dates = '') => openssl(`${ca(name)} -gencrl${dates} -out ${name}.crl`);
    const show = async (...names: string[]) => {
      const crlfile = `${path}/lists.crl`;
      writeFileSync(crlfile, names.map((name) => readFileSync(`${path}/${name}.crl`, 'latin1')).join(''));
      const options = readTls(tlsOf(files, { requireCertificate: true, cafile, crlfile }));
      const { welcome, failed } = await meet(options, inner);
      return welcome[0]?.name ?? failed[0]?.split(': ')[1];
    };
    list('authority');
    expect(await show('authority')).toBe('UNABLE_TO_GET_CRL');
    list('signer', ' -crl_lastupdate 20200101000000Z -crl_nextupdate 20200102000000Z');
    expect(await show('signer', 'authority')).toBe('CRL_HAS_EXPIRED');
    list('signer');
    expect(await show('signer')).toBe('inner');
    expect(await show('signer', 'authority')).toBe('inner');
    openssl(`${ca('authority')} -revoke signer.crt`);
    list('authority');
    expect(await show('signer', 'authority')).toBe('CERT_REVOKED');
    openssl(`${ca('signer')} -revoke inner.crt`);
    list('signer');
    expect(await show('signer')).toBe('CERT_REVOKED');
  });

  test('says so when the other end does not speak TLS as it does', async () => {
    const files = certificates();
    const options = readTls(tlsOf(files, { minimumVersion: 'TLSv1.3' }));
    expect((await meet(options, { maxVersion: 'TLSv1.2' })).failed).toEqual(['unsupported protocol']);
    const other = readTls(tlsOf(files, { ciphers: 'ECDHE-ECDSA-AES256-GCM-SHA384' }));
    const client = { ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256', maxVersion: 'TLSv1.2' } as const;
    expect((await meet(other, client)).failed).toEqual(['no shared cipher']);
  });

  test('takes the ciphers it is told to, for TLS 1.2 and for 1.3', async () => {
    const files = certificates();
    const options = readTls(tlsOf(files, { ciphers: 'ECDHE-ECDSA-AES256-GCM-SHA384' }));
    const [older] = (await meet(options, { maxVersion: 'TLSv1.2' })).welcome;
    expect(older?.cipher).toBe('TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384');
    const newer = readTls(tlsOf(files, { ciphersuites: 'TLS_CHACHA20_POLY1305_SHA256' }));
    expect((await meet(newer, {})).welcome[0]?.cipher).toBe('TLS_CHACHA20_POLY1305_SHA256');
  });

  test('speaks TLS 1.1 where it is told to', async () => {
    const files = certificates();
    const client = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    const options = readTls(tlsOf(files, { minimumVersion: 'TLSv1.1' }));
    expect((await meet(options, client)).welcome[0]?.version).toBe('TLSv1.1');
  });

  test('finds authorities in a folder', async () => {
    const files = certificates();
    const capath = `${files.path}/authorities`;
    mkdirSync(capath);
    writeFileSync(`${capath}/one.pem`, readFileSync(files.ca));
    const options = readTls(tlsOf(files, { cafile: undefined, capath, requireCertificate: true }));
    expect((await meet(options, contents(files.client))).welcome).toHaveLength(1);
  });

  test.each([
    [{ certfile: 'MISSING' }, 'Error: Unable to load server certificate "MISSING". Check certfile.'],
    [{ certfile: 'KEY' }, 'Error: Unable to load server certificate "KEY". Check certfile.'],
    [{ keyfile: 'MISSING' }, 'Error: Unable to load server key file "MISSING". Check keyfile.'],
    [{ keyfile: 'OTHER' }, 'Error: Server certificate/key are inconsistent.'],
    [{ cafile: 'MISSING' }, 'Error: Unable to load CA certificates. Check cafile "MISSING".'],
    [{ capath: 'MISSING' }, 'Error: Unable to load CA certificates. Check capath "MISSING".'],
    [{ crlfile: 'KEY' }, 'Error: Unable to load certificate revocation file "KEY". Check crlfile.'],
    [{ dhparamfile: 'KEY' }, 'Error loading dhparamfile "KEY".'],
    [{ ciphers: 'nonsense' }, 'Error: Unable to set TLS ciphers. Check cipher list "nonsense".'],
    [
      { ciphersuites: 'TLS_NONE' },
      'Error: Unable to set TLS 1.3 ciphersuites. Check cipher_tls13 list "TLS_NONE".',
    ],
  ])('with %j is not begun', (broken, complaint) => {
    const files = certificates();
    const paths: Record<string, string> = {
      MISSING: `${files.path}/none`,
      KEY: files.server.key,
      OTHER: files.client.key,
    };
    const put = (text: string) =>
      Object.entries(paths).reduce((all, [name, path]) => all.replace(name, path), text);
    const more = Object.fromEntries(Object.entries(broken).map(([name, value]) => [name, put(value)]));
    expect(() => readTls(tlsOf(files, more))).toThrow(new TlsError(put(complaint)));
  });

  test('writes a subject as OpenSSL writes it by RFC 2253', () => {
    const { client, server } = certificates();
    for (const { cert } of [client, server]) {
      const printed = execFileSync('openssl', [
        'x509',
        '-in',
        cert,
        '-noout',
        '-subject',
        '-nameopt',
        'RFC2253',
      ]);
      expect(`subject=${formatSubject(new X509Certificate(readFileSync(cert)))}\n`).toBe(String(printed));
    }
  });
});
