// CONNECT and what answers it (sections 3.1 and 3.2 of both standards). Sessions and wills have files of their own.
import { expect } from 'vitest';
import { type Connect, encode, REASON, utf8 } from '#broker/codec/index.ts';
import type { Access } from '#broker/server/access.ts';
import { OPEN } from '#broker/server/access.ts';
import {
  connect,
  expectEnd,
  expectRefusal,
  field,
  frame,
  lasting,
  NOT_UTF8,
  none,
  publish,
  sent,
  subscriber,
  will,
} from './packets.ts';
import { script } from './script.ts';

/** A CONNECT whose flags and payload need not fit. */
function raw(version: number, flags: number, ...payload: (string | readonly number[])[]): Uint8Array {
  return frame(0x10, 'MQTT', [version, flags, 0, 0], version === 5 ? [0] : [], ...payload);
}

const FLAG = {
  username: 0x80,
  password: 0x40,
  willRetain: 0x20,
  willQoS1: 0x08,
  willQoS3: 0x18,
  will: 0x04,
  clean: 0x02,
  reserved: 0x01,
};

/** Turns down everybody with one code. */
function refusing(reasonCode: number): { access: Access } {
  return { access: { ...OPEN, connect: (_connect, _peer, decide) => decide(reasonCode) } };
}

script('The first packet', [4, 5], ({ open, version, rule }) => {
  rule(
    'has to be CONNECT: another one closes the connection, and nothing is said [MQTT-3.1.0-1] [v3 MQTT-4.8.0-1] [v5 MQTT-3.14.0-1]',
    async () => {
      const rig = await open();
      const wire = await rig.connect(version);
      await wire.send({ type: 'pingreq' });
      wire.expectClose();
    },
  );

  rule(
    'comes once: a second CONNECT closes the connection, and gets no CONNACK [MQTT-3.1.0-2] [v5 MQTT-3.2.0-2]',
    async () => {
      const rig = await open();
      const wire = await rig.connect(version);
      await wire.send(connect({ version }), connect({ version }));
      wire.expect({ type: 'connack', reasonCode: 0 });
      expectEnd(wire, 0x82);
    },
  );

  rule(
    'is answered with CONNACK 0 before anything else, by default [v3 MQTT-3.1.4-4] [v5 MQTT-3.1.4-5] [MQTT-3.2.0-1]',
    async () => {
      const rig = await open();
      const wire = await rig.connect(version);
      wire.expectNothing();
      await wire.send(connect({ version }));
      wire.expect({ type: 'connack', reasonCode: 0, sessionPresent: false });
      wire.expectNothing();
    },
  );

  rule('is answered with CONNACK before what was queued [MQTT-3.2.0-1]', async () => {
    const rig = await open();
    const session = { clientId: 'sleeper', ...lasting(version) };
    const before = await rig.client(session);
    await before.send({
      type: 'subscribe',
      packetId: 1,
      subscriptions: [
        { topicFilter: 'a', qos: 1, noLocal: false, retainAsPublished: false, retainHandling: 0 },
      ],
    });
    await before.cut();
    const publisher = await rig.client({ version });
    await publisher.send(publish('a', 'x', { packetId: 1 }));
    const wire = await rig.connect(version);
    await wire.send(connect(session));
    wire.expect({ type: 'connack', sessionPresent: true });
    wire.expect({ type: 'publish', topic: 'a' });
  });

  rule('has to come in time', async () => {
    const rig = await open({ connectTimeout: 5 });
    const wire = await rig.connect(version);
    await rig.advance(4999);
    wire.expectNothing();
    await rig.advance(1);
    wire.expectClose();
  });

  rule('has to come in time, however busily its bytes drip', async () => {
    const rig = await open({ connectTimeout: 5 });
    const wire = await rig.connect(version);
    const bytes = encode(connect({ version, clientId: 'a client that takes its time' }), version);
    for (const [index] of [...bytes.subarray(0, 5)].entries()) {
      wire.expectNothing();
      await wire.send(bytes.subarray(index, index + 1));
      await rig.advance(1000);
    }
    wire.expectClose();
  });
});

script('The form of CONNECT', [4, 5], ({ open, version, isV5, rule }) => {
  rule('a protocol name that is not MQTT closes the connection [MQTT-3.1.2-1]', async () => {
    const rig = await open();
    const wire = await rig.connect(version);
    await wire.send(frame(0x10, 'MQTX', [version, 2, 0, 0], none(version), 'a'));
    wire.expectClose();
  });

  rule(
    'a version that does not exist is refused with code 1 and closes the connection [MQTT-3.1.2-2] [v3 MQTT-3.2.2-4, MQTT-3.2.2-5]',
    async () => {
      const rig = await open();
      for (const level of [0, 2, 6, 99]) {
        const wire = await rig.connect(4);
        await wire.send(frame(0x10, 'MQTT', [level, 2, 0, 0], 'a'));
        wire.expect({ type: 'connack', reasonCode: 1, sessionPresent: false });
        wire.expectClose();
      }
    },
  );

  rule(
    'what comes behind a CONNECT that is refused is not looked at [v3 MQTT-3.1.4-5] [v5 MQTT-3.1.4-6]',
    async () => {
      const rig = await open();
      const watcher = await subscriber(rig, version, '#');
      const wire = await rig.connect(4);
      await wire.send(
        new Uint8Array([...frame(0x10, 'MQTT', [99, 2, 0, 0], 'a'), ...frame(0x30, 'a', none(version))]),
      );
      wire.expect({ type: 'connack', reasonCode: 1 });
      wire.expectClose();
      watcher.expectNothing();
    },
  );

  rule('the reserved flag closes the connection [MQTT-3.1.2-3] [MQTT-3.1.4-1]', async () => {
    const rig = await open();
    const wire = await rig.connect(version);
    await wire.send(raw(version, FLAG.clean | FLAG.reserved, 'a'));
    expectRefusal(wire, 0x81);
  });

  rule('a payload that breaks off closes the connection [MQTT-3.1.4-1] [MQTT-3.1.3-3]', async () => {
    const rig = await open();
    for (const payload of [[], [0], [0, 3, 0x61]]) {
      const wire = await rig.connect(version);
      await wire.send(raw(version, FLAG.clean, payload));
      expectRefusal(wire, 0x81);
    }
  });

  rule('a will needs its topic and its payload [MQTT-3.1.2-9]', async () => {
    const rig = await open();
    for (const rest of [[], isV5 ? [0, ...field([0x74])] : field([0x74])]) {
      const wire = await rig.connect(version);
      await wire.send(raw(version, FLAG.clean | FLAG.will, 'a', rest));
      expectRefusal(wire, 0x81);
    }
  });

  rule(
    'without a will there is no Will QoS and no Will Retain, and nothing in the payload for it [v3 MQTT-3.1.2-11, MQTT-3.1.2-13, MQTT-3.1.2-15] [v5 MQTT-3.1.2-11, MQTT-3.1.2-13]',
    async () => {
      const rig = await open();
      const bad = [
        raw(version, FLAG.clean | FLAG.willQoS1, 'a'),
        raw(version, FLAG.clean | FLAG.willRetain, 'a'),
        raw(version, FLAG.clean, 'a', 't', 'm'),
      ];
      for (const bytes of bad) {
        const wire = await rig.connect(version);
        await wire.send(bytes);
        expectRefusal(wire, 0x81);
      }
    },
  );

  rule('there is no Will QoS 3 [v3 MQTT-3.1.2-14] [v5 MQTT-3.1.2-12]', async () => {
    const rig = await open();
    const wire = await rig.connect(version);
    await wire.send(raw(version, FLAG.clean | FLAG.will | FLAG.willQoS3, 'a', none(version), 't', 'm'));
    expectRefusal(wire, 0x81);
  });

  rule(
    'a user name is there if its flag says so, and only then [v3 MQTT-3.1.2-18, MQTT-3.1.2-19] [v5 MQTT-3.1.2-16, MQTT-3.1.2-17]',
    async () => {
      const rig = await open();
      for (const bytes of [
        raw(version, FLAG.clean, 'a', 'user'),
        raw(version, FLAG.clean | FLAG.username, 'a'),
      ]) {
        const wire = await rig.connect(version);
        await wire.send(bytes);
        expectRefusal(wire, 0x81);
      }
    },
  );

  rule(
    'a password is there if its flag says so, and only then [v3 MQTT-3.1.2-20, MQTT-3.1.2-21] [v5 MQTT-3.1.2-18, MQTT-3.1.2-19]',
    async () => {
      const rig = await open();
      for (const bytes of [
        raw(version, FLAG.clean | FLAG.username, 'a', 'user', 'pw'),
        raw(version, FLAG.clean | FLAG.username | FLAG.password, 'a', 'user'),
      ]) {
        const wire = await rig.connect(version);
        await wire.send(bytes);
        expectRefusal(wire, 0x81);
      }
    },
  );

  rule(
    'client identifier, will topic and user name are UTF-8 [MQTT-3.1.3-4] [v3 MQTT-3.1.3-10, MQTT-3.1.3-11] [v5 MQTT-3.1.3-11, MQTT-3.1.3-12]',
    async () => {
      const rig = await open();
      for (const bytes of NOT_UTF8) {
        const bad = [
          raw(version, FLAG.clean, field(bytes)),
          raw(version, FLAG.clean | FLAG.will, 'a', none(version), field(bytes), 'm'),
          raw(version, FLAG.clean | FLAG.username, 'a', field(bytes)),
        ];
        for (const packet of bad) {
          const wire = await rig.connect(version);
          await wire.send(packet);
          expectRefusal(wire, 0x81);
        }
      }
    },
  );

  if (isV5) {
    rule('a password may stand alone', async () => {
      const rig = await open();
      const wire = await rig.client({ version, password: utf8('secret') });
      wire.expectNothing();
    });
    return;
  }

  rule('a password needs a user name [v3 MQTT-3.1.2-22]', async () => {
    const rig = await open();
    const wire = await rig.connect(version);
    await wire.send(raw(version, FLAG.clean | FLAG.password, 'a', 'pw'));
    expectRefusal(wire, 0x81);
  });
});

script('The client identifier', [4, 5], ({ open, version, isV5, rule }) => {
  rule('may have 1 to 23 letters and digits [MQTT-3.1.3-5]', async () => {
    const rig = await open();
    for (const clientId of [
      'a',
      'Z',
      '0',
      '0123456789abcdefghijklm',
      'nopqrstuvwxyzABCDEFGHIJ',
      'KLMNOPQRSTUVWXYZ',
    ])
      await rig.client({ version, clientId });
    expect(rig.broker.snapshot().sessions).toHaveLength(6);
  });

  rule('may be longer, and of other characters', async () => {
    const rig = await open();
    const wire = await rig.client({ version, clientId: 'ein sehr langer Name, länger als 23 Zeichen' });
    wire.expectNothing();
  });

  rule(
    'that is empty is replaced by one of its own [MQTT-3.1.3-6] [v5 MQTT-3.1.3-7, MQTT-3.2.2-16]',
    async () => {
      let given = 0;
      const rig = await open({ assignedClientIdPrefix: 'x-' }, { unique: () => String(given++) });
      await rig.client({ version, clientId: 'x-1' });
      const wires = [
        await rig.client({ version, clientId: '' }),
        await rig.client({ version, clientId: '' }),
        await rig.client({ version, clientId: '' }),
      ];
      const names = wires.map(({ connack }) => connack?.properties?.assignedClientIdentifier);
      if (isV5) expect(names).toEqual(['x-0', 'x-2', 'x-3']);
      for (const wire of wires) wire.expectNothing();
      expect(rig.broker.snapshot().sessions.map(({ clientId }) => clientId)).toEqual([
        'x-1',
        'x-0',
        'x-2',
        'x-3',
      ]);
    },
  );

  rule(
    'that the broker does not take is refused, and the connection closed [v3 MQTT-3.1.3-9] [v5 MQTT-3.1.3-8]',
    async () => {
      const rig = await open({ allowEmptyClientId: false }, refusing(REASON.ClientIdentifierNotValid));
      for (const clientId of ['', 'bad']) {
        const wire = await rig.connect(version);
        await wire.send(connect({ version, clientId }));
        wire.expect({ type: 'connack', reasonCode: isV5 ? 0x85 : 2, sessionPresent: false });
        wire.expectClose();
      }
    },
  );

  if (isV5) {
    rule('that was assigned is the client’s from then on [v5 MQTT-3.1.3-7]', async () => {
      const rig = await open();
      const first = await rig.client({ ...lasting(5), clientId: '' });
      const clientId = first.connack?.properties?.assignedClientIdentifier as string;
      await first.cut();
      const second = await rig.client({ ...lasting(5), clientId });
      expect(second.connack).toMatchObject({ sessionPresent: true });
      expect(second.connack?.properties?.assignedClientIdentifier).toBeUndefined();
    });
    return;
  }

  rule(
    'that is empty goes with Clean Session 1 alone, else it is refused with code 2 [v3 MQTT-3.1.3-7, MQTT-3.1.3-8]',
    async () => {
      const rig = await open();
      const wire = await rig.connect(version);
      await wire.send(connect({ version, clientId: '', cleanStart: false }));
      wire.expect({ type: 'connack', reasonCode: 2, sessionPresent: false });
      wire.expectClose();
    },
  );
});

script('MQTT 3.1', [3], ({ open, rule }) => {
  const old = (partial: Partial<Connect> = {}) => connect({ version: 3, ...partial });

  rule('has the protocol name MQIsdp, and its CONNACK tells of no session', async () => {
    const rig = await open();
    const first = await rig.client(old({ cleanStart: false, clientId: 'old' }));
    await first.cut();
    const second = await rig.client(old({ cleanStart: false, clientId: 'old' }));
    second.expectNothing();
    expect(sent(rig).map(({ frame: bytes }) => bytes)).toEqual([frame(0x20, [0, 0]), frame(0x20, [0, 0])]);
    expect(rig.trace).toContainEqual(expect.objectContaining({ kind: 'session', action: 'resumed' }));
  });

  rule('refuses identifiers that are empty or have more than 23 characters with code 2', async () => {
    const rig = await open();
    await rig.client(old({ clientId: 'ä'.repeat(23) }));
    for (const clientId of ['', 'a'.repeat(24)]) {
      const wire = await rig.connect(3);
      await wire.send(old({ clientId }));
      wire.expect({ type: 'connack', reasonCode: 2 });
      wire.expectClose();
    }
  });

  rule(
    'does not look at the flags that have no meaning: the lowest bit, and those of a will that is not there',
    async () => {
      const rig = await open();
      for (const flags of [0x01, 0x08, 0x20, 0x3b]) {
        const wire = await rig.connect(3);
        await wire.send(frame(0x10, 'MQIsdp', [3, flags, 0, 0], 'a'));
        wire.expect({ type: 'connack', reasonCode: 0 });
      }
    },
  );

  rule('has no way to refuse a subscription: it is granted in words, and delivers nothing', async () => {
    const rig = await open({}, { access: { ...OPEN, subscribe: () => false } });
    const wire = await rig.client(old());
    await wire.send({
      type: 'subscribe',
      packetId: 1,
      subscriptions: [
        { topicFilter: 'a', qos: 1, noLocal: false, retainAsPublished: false, retainHandling: 0 },
      ],
    });
    wire.expect({ type: 'suback', reasonCodes: [1] });
    await wire.send(publish('a'));
    wire.expectNothing();
  });

  rule('knows no QoS 3 and no wildcard in a topic name, as later versions', async () => {
    const rig = await open();
    for (const bytes of [frame(0x36, 'a', [0, 1]), frame(0x30, 'a/+')]) {
      const wire = await rig.client(old());
      await wire.send(bytes);
      wire.expectClose();
    }
  });
});

script('CONNACK', [4, 5], ({ open, version, isV5, rule }) => {
  rule(
    'that refuses says why, has no session, and closes the connection [v3 MQTT-3.2.2-4, MQTT-3.2.2-5] [v5 MQTT-3.2.2-6, MQTT-3.2.2-7, MQTT-3.1.4-2, MQTT-4.13.2-1]',
    async () => {
      const rig = await open(
        {},
        {
          access: {
            ...OPEN,
            connect: ({ username }, _peer, decide) => decide(username === 'bad' ? REASON.NotAuthorized : 0),
          },
        },
      );
      const session = { clientId: 'known', ...lasting(version) };
      await (await rig.client(session)).cut();
      const wire = await rig.connect(version);
      await wire.send(connect({ ...session, username: 'bad' }));
      wire.expect({ type: 'connack', reasonCode: isV5 ? 0x87 : 5, sessionPresent: false });
      wire.expectClose();
    },
  );

  rule('has a code from its table, or is not sent [v3 MQTT-3.2.2-6] [v5 MQTT-3.2.2-8]', async () => {
    const codes: [number, number | undefined][] = [
      [REASON.UnspecifiedError, undefined],
      [REASON.ServerUnavailable, 3],
      [REASON.ServerBusy, 3],
      [REASON.BadUserNameOrPassword, 4],
      [REASON.NotAuthorized, 5],
      [REASON.Banned, 5],
      [REASON.QuotaExceeded, undefined],
    ];
    for (const [reasonCode, returnCode] of codes) {
      const rig = await open({}, refusing(reasonCode));
      const wire = await rig.connect(version);
      await wire.send(connect({ version }));
      if (isV5) wire.expect({ type: 'connack', reasonCode });
      else if (returnCode !== undefined) wire.expect({ type: 'connack', reasonCode: returnCode });
      wire.expectClose();
    }
  });

  rule(
    'waits until it is decided, and so does all that the client sends meanwhile [v3 MQTT-3.1.4-4, MQTT-3.1.4-5] [v5 MQTT-3.1.4-5, MQTT-3.1.4-6]',
    async () => {
      const decisions: ((reasonCode: number) => void)[] = [];
      const rig = await open(
        {},
        {
          access: {
            ...OPEN,
            connect: ({ clientId }, _peer, decide) =>
              clientId === 'slow' ? decisions.push(decide) : decide(0),
          },
        },
      );
      const watcher = await subscriber(rig, version, '#');
      for (let n = 0; n < 2; n++) {
        const wire = await rig.connect(version);
        await wire.send(connect({ version, clientId: 'slow' }), publish('a', String(n)));
        wire.expectNothing();
      }
      watcher.expectNothing();
      decisions[0]?.(0);
      decisions[1]?.(REASON.NotAuthorized);
      await watcher.send({ type: 'pingreq' });
      watcher.expect({ type: 'publish', payload: utf8('0') });
      watcher.expect({ type: 'pingresp' });
      watcher.expectNothing();
    },
  );

  if (!isV5) {
    rule('tells nothing but session and code', async () => {
      const rig = await open();
      await rig.client({ version });
      expect(sent(rig)[0]?.frame).toEqual(frame(0x20, [0, 0]));
    });
    return;
  }

  rule('has no flag but Session Present [v5 MQTT-3.2.2-1]', async () => {
    const rig = await open();
    const session = { clientId: 'known', ...lasting(5) };
    await (await rig.client(session)).cut();
    await rig.client(session);
    expect(sent(rig).map(({ frame: bytes }) => bytes[2])).toEqual([0, 1]);
  });

  rule('tells what the broker takes, where it is not what a client assumes', async () => {
    const rig = await open({ receiveMaximum: 7, maximumPacketSize: 1000, topicAliasMaximum: 3 });
    const { connack } = await rig.client({ version });
    expect(connack?.properties).toEqual({ receiveMaximum: 7, maximumPacketSize: 1000, topicAliasMaximum: 3 });
  });

  rule('says nothing of how large a packet may be where MQTT alone sets a limit', async () => {
    const rig = await open({ maximumPacketSize: Number.POSITIVE_INFINITY });
    await rig.client({ version });
    expect(sent(rig)[0]?.frame).toEqual(frame(0x20, [0, 0], [6], [0x22, 0, 10], [0x21, 0, 20]));
  });

  rule('tells what the broker does not have [v5 MQTT-3.2.2-9]', async () => {
    const rig = await open({
      maximumQoS: 1,
      retainAvailable: false,
      wildcardSubscriptionAvailable: false,
      sharedSubscriptionAvailable: false,
      subscriptionIdentifierAvailable: false,
      topicAliasMaximum: 0,
    });
    const { connack } = await rig.client({ version });
    expect(connack?.properties).toMatchObject({
      maximumQoS: 1,
      retainAvailable: 0,
      wildcardSubscriptionAvailable: 0,
      sharedSubscriptionAvailable: 0,
      subscriptionIdentifierAvailable: 0,
    });
    expect(connack?.properties).not.toHaveProperty('topicAliasMaximum');
  });

  rule('brings no Response Information unless it was asked for [v5 MQTT-3.1.2-28]', async () => {
    const rig = await open({ responseInformation: 'replies/' });
    const answer = async (requestResponseInformation: number | undefined) =>
      (await rig.client({ version, properties: { requestResponseInformation } })).connack?.properties
        ?.responseInformation;
    expect([await answer(undefined), await answer(0), await answer(1)]).toEqual([
      undefined,
      undefined,
      'replies/',
    ]);
  });

  rule('tells which Session Expiry Interval was granted, where it is a shorter one', async () => {
    const rig = await open({ maximumSessionExpiry: 60 });
    const granted = async (sessionExpiryInterval: number) =>
      (await rig.client({ version, properties: { sessionExpiryInterval } })).connack?.properties
        ?.sessionExpiryInterval;
    expect([await granted(60), await granted(61), await granted(0xffff_ffff)]).toEqual([undefined, 60, 60]);
  });

  rule('refuses a will above the QoS that the broker takes [v5 MQTT-3.2.2-12]', async () => {
    const rig = await open({ maximumQoS: 0 });
    const wire = await rig.connect(version);
    await wire.send(connect({ version, will: will('t', { qos: 1 }) }));
    wire.expect({ type: 'connack', reasonCode: 0x9b });
    wire.expectClose();
  });

  rule('refuses a will that is to be retained where nothing is retained [v5 MQTT-3.2.2-13]', async () => {
    const rig = await open({ retainAvailable: false });
    const wire = await rig.connect(version);
    await wire.send(connect({ version, will: will('t', { retain: true }) }));
    wire.expect({ type: 'connack', reasonCode: 0x9a });
    wire.expectClose();
  });

  rule('refuses a will that is not what its Payload Format Indicator says', async () => {
    const rig = await open();
    const wire = await rig.connect(version);
    const properties = { payloadFormatIndicator: 1 };
    await wire.send(connect({ version, will: will('t', { payload: new Uint8Array([0xff]), properties }) }));
    wire.expect({ type: 'connack', reasonCode: 0x99 });
    wire.expectClose();
  });

  rule('refuses a will on a topic that is too deep', async () => {
    const rig = await open({ maximumTopicLevels: 3 });
    const wire = await rig.connect(version);
    await wire.send(connect({ version, will: will('a/b/c/d') }));
    wire.expect({ type: 'connack', reasonCode: 0x90 });
    wire.expectClose();
  });

  rule('refuses a will whose payload is larger than what is passed on', async () => {
    const rig = await open({ maximumPayloadSize: 3 });
    const wire = await rig.connect(version);
    await wire.send(connect({ version, will: will('t', { payload: utf8('four') }) }));
    wire.expect({ type: 'connack', reasonCode: 0x95 });
    wire.expectClose();
    await rig.client({ version, will: will('t', { payload: utf8('few') }) });
  });

  rule(
    'leaves out the Reason String where the client takes no packet so large, and is not sent where even that is too much [v5 MQTT-3.2.2-19, MQTT-3.2.2-20, MQTT-3.1.2-24]',
    async () => {
      const rig = await open({ maximumQoS: 0 });
      const refused = async (maximumPacketSize: number) => {
        const wire = await rig.connect(version);
        await wire.send(connect({ version, will: will('t', { qos: 1 }), properties: { maximumPacketSize } }));
        return wire;
      };
      const roomy = await refused(100);
      expect(roomy.expect({ type: 'connack' }).properties?.reasonString).toBeDefined();
      const narrow = await refused(5);
      expect(narrow.expect({ type: 'connack', reasonCode: 0x9b }).properties).toBeUndefined();
      narrow.expectClose();
      const mute = await refused(4);
      mute.expectClose();
      const small = await rig.connect(version);
      await small.send(connect({ version, properties: { maximumPacketSize: 10 } }));
      small.expectClose();
    },
  );
});

script('A property of CONNECT', [5], ({ open, version, rule }) => {
  const bad: [string, number[], number][] = [
    ['that is there twice', [0x11, 0, 0, 0, 1, 0x11, 0, 0, 0, 1], 0x82],
    ['Receive Maximum 0', [0x21, 0, 0], 0x82],
    ['Maximum Packet Size 0', [0x27, 0, 0, 0, 0], 0x82],
    ['Request Response Information 2', [0x19, 2], 0x82],
    ['Request Problem Information 2', [0x17, 2], 0x82],
    ['Authentication Data without a method', [0x16, 0, 1, 1], 0x82],
    ['that belongs to another packet', [0x23, 0, 1], 0x81],
    ['that does not exist', [0x7f, 0], 0x81],
  ];
  for (const [what, properties, reasonCode] of bad) {
    rule(`${what} is refused with 0x${reasonCode.toString(16)} [v5 MQTT-4.13.1-1]`, async () => {
      const rig = await open();
      const wire = await rig.connect(version);
      await wire.send(frame(0x10, 'MQTT', [5, 2, 0, 0], [properties.length, ...properties], 'a'));
      expectRefusal(wire, reasonCode);
    });
  }
});

script('Keep alive', [4, 5], ({ open, version, isV5, rule }) => {
  rule(
    'a silence of one and a half times as long closes the connection, as if the network had failed [v3 MQTT-3.1.2-24] [v5 MQTT-3.1.2-22, MQTT-3.2.2-22]',
    async () => {
      const rig = await open();
      const watcher = await subscriber(rig, version, 'gone');
      const wire = await rig.client({ version, keepAlive: 2, will: will('gone') });
      await rig.advance(2999);
      wire.expectNothing();
      await rig.advance(1);
      expectEnd(wire, 0x8d);
      watcher.expect({ type: 'publish', topic: 'gone' });
    },
  );

  rule(
    'any whole packet puts that off, a piece of one does not [v3 MQTT-3.1.2-24] [v5 MQTT-3.1.2-22]',
    async () => {
      const rig = await open();
      const wire = await rig.client({ version, keepAlive: 2 });
      await rig.advance(2000);
      await wire.send({ type: 'pingreq' });
      wire.expect({ type: 'pingresp' });
      await rig.advance(2000);
      await wire.send(new Uint8Array([0x30]));
      await rig.advance(999);
      wire.expectNothing();
      await rig.advance(1);
      expectEnd(wire, 0x8d);
    },
  );

  rule('0 is for ever', async () => {
    const rig = await open();
    const wire = await rig.client({ version, keepAlive: 0 });
    await rig.advance(1_000_000_000);
    wire.expectNothing();
  });

  if (!isV5) return;

  rule('holds as the client asked unless CONNACK says otherwise [v5 MQTT-3.2.2-22]', async () => {
    const rig = await open({ maximumKeepAlive: 10 });
    const modest = await rig.client({ version, keepAlive: 10 });
    const endless = await rig.client({ version, keepAlive: 0 });
    const long = await rig.client({ version, keepAlive: 600 });
    expect([modest, endless, long].map(({ connack }) => connack?.properties?.serverKeepAlive)).toEqual([
      undefined,
      10,
      10,
    ]);
    await rig.advance(14_999);
    for (const wire of [modest, endless, long]) wire.expectNothing();
    await rig.advance(1);
    for (const wire of [modest, endless, long]) expectEnd(wire, 0x8d);
  });

  rule('is the same for all where the broker is set so', async () => {
    const rig = await open({ serverKeepAlive: 4 });
    const wire = await rig.client({ version, keepAlive: 600 });
    expect(wire.connack?.properties?.serverKeepAlive).toBe(4);
    await rig.advance(6000);
    expectEnd(wire, 0x8d);
  });
});
