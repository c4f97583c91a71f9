import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromBase64, toBase64 } from '#broker/codec/base64.ts';
import { type Connect, utf8 } from '#broker/codec/index.ts';
import type { Step } from '#broker/server/authentication.ts';
import { scram } from '#broker/server/scram.ts';
import { keysFor, ScramClient, scramHost } from '../conformance/scram.ts';

const CONNECT = {
  type: 'connect',
  version: 5,
  cleanStart: true,
  keepAlive: 0,
  clientId: 'a',
} as const satisfies Connect;

/** What the broker answers to each of these messages. */
function talk(host: Parameters<typeof scram>[0], ...messages: (string | Uint8Array | undefined)[]): Step[] {
  const exchange = scram(host).begin(CONNECT);
  const steps: Step[] = [];
  for (const message of messages)
    exchange(typeof message === 'string' ? utf8(message) : message, (step) => steps.push(step));
  return steps;
}

describe('SCRAM-SHA-256', () => {
  test('speaks as the example of RFC 7677 does', () => {
    const salt = fromBase64('W22ZaJ0SNY7soEsUEjb6gQ==') as Uint8Array;
    const host = {
      ...scramHost({}, '%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0'),
      keysOf: (_name: string, done: (keys: ReturnType<typeof keysFor>) => void) =>
        done(keysFor('pencil', salt, 4096)),
    };
    expect(
      talk(
        host,
        'n,,n=user,r=rOprNGfwEbeRWgbNEkqO',
        'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=',
      ),
    ).toEqual([
      {
        kind: 'continue',
        data: utf8('r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096'),
      },
      { kind: 'success', username: 'user', data: utf8('v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=') },
    ]);
  });

  const failure = [{ kind: 'failure', reasonCode: 0x87 }];
  test.each([
    ['nothing', undefined],
    ['bytes that are no text', new Uint8Array([0xff])],
    ['channel binding, which there is not', 'p=tls-unique,,n=user,r=abc'],
    ['another identity', 'n,a=boss,n=user,r=abc'],
    ['no name', 'n,,n=,r=abc'],
    ['a name that is not written as it should be', 'n,,n=a=b,r=abc'],
    ['no nonce', 'n,,n=user'],
    ['an extension that has to be understood', 'n,,m=x,n=user,r=abc'],
  ])('refuses a first message with %s', (_, message) => {
    expect(talk(scramHost({}), message)).toEqual(failure);
  });

  test('refuses an answer to another nonce, with another header, or with a proof that is none', () => {
    const host = scramHost({ anna: 'secret' });
    const client = new ScramClient('anna', 'secret');
    const exchange = scram(host).begin(CONNECT);
    let challenge: Step | undefined;
    exchange(client.first, (step) => {
      challenge = step;
    });
    const good = Buffer.from(
      client.answer(challenge?.kind === 'continue' ? challenge.data : undefined),
    ).toString();
    const bad = [
      good.replace('r=client', 'r=Client'),
      good.replace('c=biws', 'c=eSws'),
      good.replace(/p=.*/, 'p=AAAA'),
      good.replace(/p=.*/, 'p=!'),
      good.replace(/,p=.*/, ''),
      '',
    ];
    for (const message of bad) expect(talk(host, client.first, message).slice(1)).toEqual(failure);
    expect(talk(host, client.first, good)[1]).toMatchObject({ kind: 'success', username: 'anna' });
    expect(talk(host, 'y,,n=anna,r=client-nonce', good).slice(1)).toEqual(failure);
  });

  test('keeps nothing of a password but keys', () => {
    const key = pbkdf2Sync('secret', 'salt', 16, 32, 'sha256');
    const clientKey = createHmac('sha256', key).update('Client Key').digest();
    expect(Buffer.from(keysFor('secret').storedKey)).toEqual(createHash('sha256').update(clientKey).digest());
  });
});

describe('Base64', () => {
  test('is what Node makes of it, both ways', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const text = Buffer.from(bytes).toString('base64');
        expect(toBase64(bytes)).toBe(text);
        expect(fromBase64(text)).toEqual(new Uint8Array(bytes));
      }),
    );
  });

  test.each(['A', 'AA', 'AAA', 'A===', 'AA=A', '====', 'AAAA=', 'AA-_'])('is not %s', (text) => {
    expect(fromBase64(text)).toBeUndefined();
  });
});
