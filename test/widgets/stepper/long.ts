// A long run for the tests of long figures: sensors that publish, one after the other, and a client that reads all of it.
import type { Setup } from '../../../broker/index.ts';
import { begin, type Run, settled, toEnd } from '../../../src/lessons/run.ts';
import type { Participant, Scenario } from '../../../src/lessons/scenario.ts';

/** A world in which `messages` messages went at QoS 1 from sensors through the broker to one reader: four packets each. */
export function longRun(messages: number, sensors = 2): Run {
  const names = Array.from({ length: sensors }, (_, index) => `s${index + 1}`);
  const setup: Setup = {
    version: 4,
    clients: [...names, 'reader'].map((name) => ({ name, keepAlive: 0 })),
  };
  const before = settled(setup, [
    ...[...names, 'reader'].map((client) => ({ do: 'connect' as const, client })),
    { do: 'subscribe', client: 'reader', topicFilter: '#', qos: 1 },
  ]);
  const opening = settled(
    setup,
    Array.from({ length: messages }, (_, index) => ({
      do: 'publish' as const,
      client: names[index % sensors] ?? '',
      topic: `t/${index % sensors}`,
      payload: String(index),
      qos: 1 as const,
    })),
    before,
  );
  const participants: Participant[] = [
    ...names.map((name) => ({ name, role: 'publisher' as const })),
    { name: 'broker', role: 'broker' },
    { name: 'reader', role: 'subscriber' },
  ];
  const scenario: Scenario = { setup, participants, before, opening, script: [] };
  return toEnd(begin(scenario));
}
