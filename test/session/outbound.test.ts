import { describe, expect, test } from 'vitest';
import { Outbound } from '#broker/session/outbound.ts';

interface Letter {
  qos: number;
  name: string;
}

/** An outbound half with messages of these levels, named a, b, c…, on a connection that takes `receiveMaximum` of them. */
function outbound(levels: number[], receiveMaximum = 65_535): Outbound<Letter> {
  const box = new Outbound<Letter>();
  for (const [index, qos] of levels.entries()) box.waiting.push({ qos, name: 'abcdefgh'.charAt(index) });
  box.reconnect(receiveMaximum);
  return box;
}

/** What is sent now, such as `a1` for PUBLISH a under identifier 1, `+` behind a repeat, and `R1` for PUBREL. */
function release(
  box: Outbound<Letter>,
  isFit: (letter: Letter, isRepeat: boolean) => boolean = () => true,
): string {
  return [...box.release(isFit)]
    .map(({ packetId, message, awaiting, sent }) =>
      awaiting === 'pubcomp' ? `R${packetId}` : `${message.name}${packetId}${sent > 1 ? '+' : ''}`,
    )
    .join(' ');
}

describe('what we owe', () => {
  test('is sent once, under identifiers of its own, in order', () => {
    const box = outbound([1, 2, 1]);
    expect(release(box)).toBe('a1 b2 c3');
    expect(release(box)).toBe('');
    expect(box.snapshot(({ name }) => name)).toEqual([
      { packetId: 1, qos: 1, topic: 'a', awaiting: 'puback', sent: 1 },
      { packetId: 2, qos: 2, topic: 'b', awaiting: 'pubrec', sent: 1 },
      { packetId: 3, qos: 1, topic: 'c', awaiting: 'puback', sent: 1 },
    ]);
  });

  test('is settled by PUBACK at QoS 1, and by PUBREC and PUBCOMP at QoS 2', () => {
    const box = outbound([1, 2]);
    release(box);
    expect(box.receivePuback(1)).toBe('settled');
    expect(box.receivePubrec(2, 0)).toBe('released');
    expect(box.receivePubrec(2, 0)).toBe('released');
    expect(box.receivePubcomp(2)).toBe('settled');
    expect(box.owed.size).toBe(0);
  });

  test('is not settled by the wrong acknowledgement, nor by one that names nothing', () => {
    const box = outbound([1, 2]);
    release(box);
    expect(box.receivePubrec(1, 0)).toBe('unexpected');
    expect(box.receivePubcomp(1)).toBe('unexpected');
    expect(box.receivePuback(2)).toBe('unexpected');
    expect(box.receivePubcomp(2)).toBe('unexpected');
    expect([box.receivePuback(9), box.receivePubrec(9, 0), box.receivePubcomp(9)]).toEqual([
      'unknown',
      'unknown',
      'unknown',
    ]);
    expect(box.owed.size).toBe(2);
  });

  test('is settled by a PUBREC that tells of a failure [v5 MQTT-4.4.0-2]', () => {
    const box = outbound([2]);
    release(box);
    expect(box.receivePubrec(1, 0x87)).toBe('settled');
    box.reconnect(10);
    expect(release(box)).toBe('');
  });

  test('is sent again after a reconnect, in order, before what is new [MQTT-4.4.0-1]', () => {
    const box = outbound([1, 2, 2, 1]);
    release(box);
    box.receivePubrec(2, 0);
    box.waiting.push({ qos: 1, name: 'n' });
    box.reconnect(10);
    expect(release(box)).toBe('a1+ R2 c3+ d4+ n5');
    box.reconnect(10);
    expect(release(box)).toBe('a1+ R2 c3+ d4+ n5+');
  });

  test('keeps to the receive maximum, which only PUBLISH waits for [v5 MQTT-4.9.0-2]', () => {
    const box = outbound([2, 2, 1, 1], 2);
    expect(release(box)).toBe('a1 b2');
    box.receivePubrec(1, 0);
    expect(release(box)).toBe('');
    box.receivePubcomp(1);
    expect(release(box)).toBe('c3');
    box.receivePubrec(2, 0);
    box.reconnect(1);
    expect(release(box)).toBe('R2');
    box.receivePubcomp(2);
    expect(release(box)).toBe('c3+');
    box.receivePuback(3);
    expect(release(box)).toBe('d4');
  });

  test('that is not fit any more counts as delivered: at QoS 1 it is gone, at QoS 2 the exchange is ended [v5 MQTT-3.1.2-25]', () => {
    const box = outbound([1, 2, 1]);
    release(box);
    box.waiting.push({ qos: 1, name: 'n' }, { qos: 2, name: 'o' });
    box.reconnect(10);
    const asked: string[] = [];
    const isFit = ({ name }: Letter, isRepeat: boolean) => {
      asked.push(`${name}${isRepeat ? '+' : ''}`);
      return name === 'c' || name === 'o';
    };
    expect(release(box, isFit)).toBe('R2 c3+ o4');
    expect(asked).toEqual(['a+', 'b+', 'c+', 'n', 'o']);
    expect(box.receivePubcomp(2)).toBe('settled');
  });

  test('sends every PUBREL again at once, however few messages the other end takes [v5 MQTT-3.3.4-8]', () => {
    const box = outbound([2, 2]);
    release(box);
    box.receivePubrec(1, 0);
    box.receivePubrec(2, 0);
    box.reconnect(1);
    expect(release(box)).toBe('R1 R2');
    expect(box.snapshot(({ name }) => name).map(({ sent }) => sent)).toEqual([1, 1]);
  });

  test('at QoS 0 leaves among the others, under no identifier, and is owed no longer', () => {
    const box = outbound([1, 0, 2, 0]);
    expect(release(box)).toBe('a1 b0 c2 d0');
    expect(box.waiting).toEqual([]);
    expect([...box.owed.keys()]).toEqual([1, 2]);
    box.reconnect(10);
    expect(release(box)).toBe('a1+ c2+');
  });

  test('at QoS 0 takes nothing of what the other end allows, and waits behind what does', () => {
    const box = outbound([0, 0, 1, 0, 1], 1);
    expect(release(box)).toBe('a0 b0 c1');
    expect(box.waiting.map(({ name }) => name)).toEqual(['d', 'e']);
    box.receivePuback(1);
    expect(release(box)).toBe('d0 e2');
  });

  test('at QoS 0 is let go of where it is not fit, and the next goes on', () => {
    const box = outbound([0, 1, 0]);
    const asked: string[] = [];
    const isFit = ({ name }: Letter, isRepeat: boolean) => {
      asked.push(`${name}${isRepeat ? '+' : ''}`);
      return name === 'b';
    };
    expect(release(box, isFit)).toBe('b1');
    expect(asked).toEqual(['a', 'b', 'c']);
    expect(box.waiting).toEqual([]);
  });

  test('waits on while all is full, though the quota would let it go, and what is to be repeated does not', () => {
    const box = outbound([1, 1]);
    expect([
      ...box.release(
        () => true,
        () => true,
      ),
    ]).toEqual([]);
    expect(box.waiting).toHaveLength(2);
    release(box);
    box.waiting.push({ qos: 1, name: 'n' });
    box.reconnect(10);
    expect(
      [
        ...box.release(
          () => true,
          () => true,
        ),
      ].map(({ packetId }) => packetId),
    ).toEqual([1, 2]);
    expect(release(box)).toBe('n3');
  });

  test('may be acknowledged before it could be repeated', () => {
    const box = outbound([1, 2, 2]);
    release(box);
    box.reconnect(1);
    expect(box.receivePuback(1)).toBe('settled');
    expect(box.receivePubrec(2, 0)).toBe('released');
    expect(release(box)).toBe('');
    box.receivePubcomp(2);
    expect(release(box)).toBe('c3+');
  });

  test('can be forgotten; what was never sent stays', () => {
    const box = outbound([1, 1], 1);
    release(box);
    box.forget();
    expect(release(box)).toBe('b2');
  });
});

describe('identifiers', () => {
  test('are shared with SUBSCRIBE and UNSUBSCRIBE, and free again after the answer [v3 MQTT-2.3.1-2] [v5 MQTT-2.2.1-3]', () => {
    const box = outbound([1]);
    expect(box.takeId()).toBe(1);
    expect(release(box)).toBe('a2');
    expect(box.takeId()).toBe(3);
    expect(box.settleRequest(2)).toBe(false);
    expect(box.settleRequest(1)).toBe(true);
    expect(box.settleRequest(1)).toBe(false);
    box.forgetRequests();
    expect(box.settleRequest(3)).toBe(false);
  });

  test('go round after 65 535 and pass over those in use', () => {
    const box = outbound([2]);
    release(box);
    for (let id = 2; id <= 65_535; id++) {
      expect(box.takeId()).toBe(id);
      box.settleRequest(id);
    }
    expect(box.takeId()).toBe(2);
  });

  test('begin with 1 again after 65 535', () => {
    const box = outbound([]);
    for (let id = 1; id <= 65_535; id++) box.settleRequest(box.takeId());
    expect(box.takeId()).toBe(1);
  });

  test('run out when all are taken: requests fail and messages wait', () => {
    const box = outbound([1]);
    for (let id = 1; id <= 65_535; id++) box.takeId();
    expect(() => box.takeId()).toThrow(RangeError);
    expect(release(box)).toBe('');
    box.settleRequest(77);
    expect(release(box)).toBe('a77');
  });
});
