// Enhanced authentication (sections 3.15 and 4.12 of MQTT 5.0), with a method of the test's own and with SCRAM-SHA-256.
import { expect } from 'vitest';
import { type Auth, type Connect, type Properties, utf8 } from '#broker/codec/index.ts';
import { type Access, OPEN } from '#broker/server/access.ts';
import type { AuthenticationMethod, Step } from '#broker/server/authentication.ts';
import { SCRAM_SHA_256, scram } from '#broker/server/scram.ts';
import type { Wire } from '../transport.ts';
import { connect, expectEnd, field, frame, publish, sent, subscribe, subscriber } from './packets.ts';
import { ScramClient, scramHost } from './scram.ts';
import { script } from './script.ts';

/** Asks for a word as often as it is told, and then for `please`. */
function courtesy(rounds: number): AuthenticationMethod {
  return {
    begin({ clientId }) {
      let asked = 0;
      return (data, answer) => {
        if (asked++ < rounds) answer({ kind: 'continue', data: utf8(`round ${asked}`) });
        else if (String.fromCharCode(...(data ?? [])) === 'please')
          answer({ kind: 'success', username: `polite ${clientId}`, data: utf8('thanks') });
        else answer({ kind: 'failure', reasonCode: 0x87 });
      };
    },
  };
}

function methods(rounds = 1) {
  return { authenticationMethods: new Map([['COURTESY', courtesy(rounds)]]) };
}

function asking(data: string, partial: Partial<Connect> = {}, properties: Properties = {}): Connect {
  return connect({
    version: 5,
    ...partial,
    properties: { authenticationMethod: 'COURTESY', authenticationData: utf8(data), ...properties },
  });
}

function auth(reasonCode: number, data: string, authenticationMethod = 'COURTESY'): Auth {
  return { type: 'auth', reasonCode, properties: { authenticationMethod, authenticationData: utf8(data) } };
}

script('Enhanced authentication', [5], ({ open, version, rule }) => {
  rule(
    'asks with AUTH 0x18, and lets in with CONNACK; each names the method [v5 MQTT-4.12.0-2, MQTT-4.12.0-5, MQTT-3.15.2-1]',
    async () => {
      const rig = await open({}, methods(2));
      const wire = await rig.connect(version);
      await wire.send(asking('hello'));
      wire.expect(auth(0x18, 'round 1'));
      await wire.send(auth(0x18, 'well'));
      wire.expect(auth(0x18, 'round 2'));
      wire.expectNothing();
      await wire.send(auth(0x18, 'please'));
      const { properties } = wire.expect({ type: 'connack', reasonCode: 0 });
      expect(properties).toMatchObject({
        authenticationMethod: 'COURTESY',
        authenticationData: utf8('thanks'),
      });
      await wire.send({ type: 'pingreq' });
      wire.expect({ type: 'pingresp' });
    },
  );

  rule('may be over with the first word', async () => {
    const rig = await open({}, methods(0));
    const wire = await rig.connect(version);
    await wire.send(asking('please'));
    wire.expect({ type: 'connack', reasonCode: 0 });
  });

  rule('gives the client the name that it proved, and access is asked with that', async () => {
    const names: (string | undefined)[] = [];
    const access = {
      ...OPEN,
      connect: ({ username }: Connect, _peer: string, decide: (code: number) => void) => {
        names.push(username);
        decide(0);
      },
      publish: ({ username }: { username: string | undefined }) => {
        names.push(username);
        return true;
      },
    };
    const rig = await open({}, { ...methods(0), access });
    const wire = await rig.connect(version);
    await wire.send(asking('please', { username: 'liar' }));
    wire.expect({ type: 'connack', reasonCode: 0 });
    await wire.send(publish('a'));
    expect(names).toEqual(['polite someone', 'polite someone']);
  });

  rule('by a method that the broker does not know is refused [v5 MQTT-4.12.0-1]', async () => {
    const rig = await open({}, methods());
    for (const authenticationMethod of ['OTHER', '__proto__', 'constructor', '']) {
      const wire = await rig.connect(version);
      await wire.send(connect({ version, properties: { authenticationMethod } }));
      wire.expect({ type: 'connack', reasonCode: 0x8c });
      wire.expectClose();
    }
  });

  rule('that fails is answered with a refusal, and the connection closed [v5 MQTT-4.12.0-4]', async () => {
    const rig = await open({}, methods());
    const wire = await rig.connect(version);
    await wire.send(asking('hello'));
    wire.expect({ type: 'auth' });
    await wire.send(auth(0x18, 'now!'));
    wire.expect({ type: 'connack', reasonCode: 0x87, sessionPresent: false });
    wire.expectClose();
  });

  rule('leaves no room for other packets before it is over [v5 MQTT-3.1.2-30]', async () => {
    const rig = await open({}, methods());
    const watcher = await subscriber(rig, version, '#');
    const wire = await rig.connect(version);
    await wire.send(asking('hello'), publish('a'));
    wire.expect({ type: 'auth' });
    wire.expect({ type: 'connack', reasonCode: 0x82 });
    wire.expectClose();
    watcher.expectNothing();
  });

  rule('may be given up by the client', async () => {
    const rig = await open({}, methods());
    const wire = await rig.connect(version);
    await wire.send(asking('hello'), { type: 'disconnect', reasonCode: 0 });
    wire.expect({ type: 'auth' });
    wire.expectClose();
  });

  rule('has to be over in time', async () => {
    const rig = await open({ connectTimeout: 10 }, methods());
    const wire = await rig.connect(version);
    await wire.send(asking('hello'));
    wire.expect({ type: 'auth' });
    await rig.advance(10_000);
    wire.expectClose();
  });

  rule(
    'by another method than CONNECT named, or with a code that has no place, closes the connection [v5 MQTT-4.12.0-5, MQTT-3.15.2-1]',
    async () => {
      const rig = await open({}, methods());
      for (const packet of [auth(0x18, 'please', 'OTHER'), auth(0x19, 'please'), auth(0x00, 'please')]) {
        const wire = await rig.connect(version);
        await wire.send(asking('hello'));
        wire.expect({ type: 'auth' });
        await wire.send(packet);
        wire.expect({ type: 'connack', reasonCode: 0x82 });
        wire.expectClose();
      }
      const wire = await rig.connect(version);
      await wire.send(asking('hello'));
      wire.take();
      await wire.send(frame(0xf0, [0x01, 0]));
      expect(wire.closed).toBe(true);
    },
  );

  rule('has flags 0000, or the connection is closed [v5 MQTT-3.15.1-1]', async () => {
    const rig = await open({}, methods(0));
    const wire = await rig.connect(version);
    await wire.send(asking('please'));
    wire.expect({ type: 'connack', reasonCode: 0 });
    await wire.send(frame(0xf1, [0x19, 11, 0x15], 'COURTESY'));
    expectEnd(wire, 0x81);
  });

  rule('names its method, and has no data without one', async () => {
    const rig = await open({}, methods(0));
    for (const properties of [[], [0x16, ...field([1])]]) {
      const wire = await rig.connect(version);
      await wire.send(asking('please'));
      wire.expect({ type: 'connack', reasonCode: 0 });
      await wire.send(frame(0xf0, [0x19, properties.length, ...properties]));
      expectEnd(wire, 0x82);
    }
  });

  rule('does not come up for a client that names no method [v5 MQTT-4.12.0-6]', async () => {
    const rig = await open({}, methods());
    const wire = await rig.client({ version });
    expect(wire.connack?.properties?.authenticationMethod).toBeUndefined();
    await rig.advance(100_000);
    wire.expectNothing();
  });

  rule('is never larger than the client takes [v5 MQTT-3.15.2-2, MQTT-3.15.2-3]', async () => {
    const rig = await open({}, methods());
    const wire = await rig.connect(version);
    await wire.send(asking('hello', {}, { maximumPacketSize: 60 }), auth(0x18, 'please'));
    wire.expect({ type: 'auth' });
    wire.expect({ type: 'connack', reasonCode: 0 });
    for (const { frame: bytes } of sent(rig)) expect(bytes.length).toBeLessThanOrEqual(60);
    const narrow = await rig.connect(version);
    await narrow.send(asking('hello', {}, { maximumPacketSize: 10 }));
    narrow.expectClose();
  });
});

script('Authenticating anew', [5], ({ open, version, rule }) => {
  async function welcomed(wire: Wire, rounds: number): Promise<Wire> {
    await wire.send(asking(rounds === 0 ? 'please' : 'hello'));
    for (let round = 0; round < rounds; round++) {
      wire.expect({ type: 'auth', reasonCode: 0x18 });
      await wire.send(auth(0x18, 'please'));
    }
    wire.expect({ type: 'connack', reasonCode: 0 });
    return wire;
  }

  rule(
    'is asked for with 0x19, goes on with 0x18 and ends with 0x00, while other packets flow [v5 MQTT-4.12.1-1, MQTT-4.12.0-2, MQTT-3.15.2-1]',
    async () => {
      const rig = await open({}, methods(1));
      const wire = await welcomed(await rig.connect(version), 1);
      await wire.send(auth(0x19, 'hello again'));
      wire.expect(auth(0x18, 'round 1'));
      await wire.send(subscribe(1, 'a'), publish('a'));
      wire.expect({ type: 'suback' });
      wire.expect({ type: 'publish' });
      await wire.send(auth(0x18, 'please'));
      wire.expect(auth(0x00, 'thanks'));
      await wire.send(auth(0x19, 'once more'));
      wire.expect(auth(0x18, 'round 1'));
    },
  );

  rule('makes the client who it proves to be now', async () => {
    const named: AuthenticationMethod = {
      begin: () => (data, answer) =>
        answer({ kind: 'success', username: String.fromCharCode(...(data ?? [])) }),
    };
    const names: (string | undefined)[] = [];
    const access: Access = { ...OPEN, publish: ({ username }) => names.push(username) > 0 };
    const rig = await open({}, { access, authenticationMethods: new Map([['COURTESY', named]]) });
    const wire = await rig.connect(version);
    await wire.send(asking('ann'), publish('a'), auth(0x19, 'bob'), publish('a'));
    expect(names).toEqual(['ann', 'bob']);
  });

  rule('that fails closes the connection [v5 MQTT-4.12.1-2]', async () => {
    const rig = await open({}, methods(1));
    const wire = await welcomed(await rig.connect(version), 1);
    await wire.send(auth(0x19, 'hello'), auth(0x18, 'now!'));
    wire.expect({ type: 'auth', reasonCode: 0x18 });
    expectEnd(wire, 0x87);
  });

  rule(
    'by another method, in the middle, or without having begun, closes the connection [v5 MQTT-4.12.1-1, MQTT-4.12.0-5]',
    async () => {
      const rig = await open({}, methods(1));
      for (const packets of [
        [auth(0x19, 'x', 'OTHER')],
        [auth(0x18, 'please')],
        [auth(0x00, 'x')],
        [auth(0x19, 'x'), auth(0x19, 'x')],
      ]) {
        const wire = await welcomed(await rig.connect(version), 1);
        await wire.send(...packets);
        if (packets.length > 1) wire.expect({ type: 'auth', reasonCode: 0x18 });
        expectEnd(wire, 0x82);
      }
    },
  );
});

script('A method that takes its time', [5], ({ open, version, rule }) => {
  rule('is waited for; what it says when the client has gone is let pass', async () => {
    const answers: ((step: Step) => void)[] = [];
    const slow: AuthenticationMethod = { begin: () => (_data, answer) => answers.push(answer) };
    const rig = await open({}, { authenticationMethods: new Map([['COURTESY', slow]]) });
    const wire = await rig.connect(version);
    await wire.send(asking('hello'));
    wire.expectNothing();
    await wire.send(auth(0x18, 'impatient'));
    wire.expect({ type: 'connack', reasonCode: 0x82 });
    wire.expectClose();
    answers[0]?.({ kind: 'success', username: 'late' });
    expect(rig.broker.snapshot().sessions).toEqual([]);
  });
});

script('SCRAM-SHA-256', [5], ({ open, version, rule }) => {
  const environment = {
    authenticationMethods: new Map([[SCRAM_SHA_256, scram(scramHost({ anna: 'secret', 'x=,y': 'pw' }))]]),
  };
  const scramAuth = (reasonCode: number, authenticationData: Uint8Array): Auth => ({
    type: 'auth',
    reasonCode,
    properties: { authenticationMethod: SCRAM_SHA_256, authenticationData },
  });

  async function challenge(wire: Wire, client: ScramClient): Promise<Uint8Array | undefined> {
    await wire.send(
      connect({
        version,
        properties: { authenticationMethod: SCRAM_SHA_256, authenticationData: client.first },
      }),
    );
    return wire.expect({ type: 'auth', reasonCode: 0x18 }).properties?.authenticationData;
  }

  rule('lets in who knows the password, and shows that the broker knows the user', async () => {
    const rig = await open({}, environment);
    for (const [username, password] of [
      ['anna', 'secret'],
      ['x=,y', 'pw'],
    ] as const) {
      const wire = await rig.connect(version);
      const client = new ScramClient(username, password);
      await wire.send(scramAuth(0x18, client.answer(await challenge(wire, client))));
      const { properties } = wire.expect({ type: 'connack', reasonCode: 0 });
      expect(client.isSatisfied(properties?.authenticationData)).toBe(true);
      const again = new ScramClient(username, password, 'another');
      await wire.send(scramAuth(0x19, again.first));
      await wire.send(
        scramAuth(
          0x18,
          again.answer(wire.expect({ type: 'auth', reasonCode: 0x18 }).properties?.authenticationData),
        ),
      );
      expect(
        again.isSatisfied(wire.expect({ type: 'auth', reasonCode: 0 }).properties?.authenticationData),
      ).toBe(true);
    }
  });

  rule('tells nobody whether it was the name or the password that was wrong [v5 MQTT-4.12.0-4]', async () => {
    const rig = await open({}, environment);
    for (const [username, password] of [
      ['anna', 'Secret'],
      ['nobody', 'secret'],
    ] as const) {
      const wire = await rig.connect(version);
      const client = new ScramClient(username, password);
      await wire.send(scramAuth(0x18, client.answer(await challenge(wire, client))));
      wire.expect({ type: 'connack', reasonCode: 0x87 });
      wire.expectClose();
    }
  });
});
