// A run as a short text for the fragment of an address, and back. What the scenario's script would do next is one letter;
// the rest is one letter and what it is about; what is too rare for a letter is written out. It checks that a text can be read and that its steps can be done.
import { type Input, World } from '../../../broker/index.ts';
import { isSame, type Run, scriptDone } from '../../lessons/run.ts';
import type { Variant } from '../../lessons/scenario.ts';
import { readInput, writeInput } from '../../lessons/world-link.ts';

/** An input that names a client and nothing else. */
const LETTERS = { connect: 'c', cut: 'x', freeze: 'z', thaw: 't' } as const;
/** An input that names a packet. */
const FLIGHT_LETTERS = { deliver: 'd', hold: 'h', release: 'r' } as const;
const SCRIPTED = 'n';
/** An input that is written out as JSON. */
const WRITTEN_OUT = 'j';

/**
 * Writes down where a reader stands.
 * Out: `figure=variant:step.step…`, without the `#`.
 */
export function toFragment(figure: string, variant: string, { scenario, inputs, at }: Run): string {
  const done = inputs.slice(0, at);
  const steps = done.map((input, index) => {
    const next = scenario.script[scriptDone(scenario.script, done.slice(0, index))];
    return isSame(next, input) ? SCRIPTED : write(input);
  });
  return `${figure}=${variant}:${steps.join('.')}`;
}

/**
 * Reads a fragment.
 * In: the fragment with or without its `#`. Out: nothing if it is not about this figure; `broken` if it is and cannot be
 * followed; else the variant and the run that it leads to.
 */
export function fromFragment(
  fragment: string,
  figure: string,
  variants: readonly Variant[],
): { variant: Variant; run: Run } | 'broken' | undefined {
  const text = fragment.replace(/^#/, '');
  if (!text.startsWith(`${figure}=`)) return undefined;
  const [key = '', steps = ''] = text.slice(figure.length + 1).split(':');
  const variant = variants.find((each) => each.key === key);
  if (!variant) return 'broken';
  const { scenario } = variant;
  try {
    const inputs: Input[] = [];
    for (const step of steps.split('.').filter(Boolean)) {
      const scripted = scenario.script[scriptDone(scenario.script, inputs)];
      const input = step === SCRIPTED ? scripted : read(step);
      if (!input) return 'broken';
      inputs.push(input);
    }
    new World(scenario.setup, [...scenario.before, ...inputs]);
    return { variant, run: { scenario, inputs, at: inputs.length } };
  } catch {
    return 'broken';
  }
}

function write(input: Input): string {
  const short = shortly(input);
  return short !== undefined && isSame(read(short), input) ? short : WRITTEN_OUT + written(writeInput(input));
}

/** An input as one letter and what it is about, though perhaps not all of it. */
function shortly(input: Input): string | undefined {
  switch (input.do) {
    case 'connect':
    case 'cut':
    case 'freeze':
    case 'thaw':
      return LETTERS[input.do] + written(input.client);
    case 'disconnect':
      return `k${written(input.client)}${input.reasonCode === undefined ? '' : `,${input.reasonCode}`}`;
    case 'deliver':
    case 'hold':
    case 'release':
      return FLIGHT_LETTERS[input.do] + input.flight;
    case 'wait':
      return `w${input.time}`;
    case 'publish': {
      const { client, topic, payload, qos, retain } = input;
      return `p${[client, topic, payload].map(written).join(',')},${qos}${retain ? 'r' : ''}`;
    }
    case 'subscribe':
      return `s${written(input.client)},${written(input.topicFilter)},${input.qos}${input.retainAsPublished ? 'r' : ''}`;
    case 'unsubscribe':
      return `u${written(input.client)},${written(input.topicFilter)}`;
    case 'drop':
    case 'duplicate':
    case 'reorder':
    case 'restart':
    case 'join':
      return undefined;
    default:
      return input satisfies never;
  }
}

function read(step: string): Input | undefined {
  const letter = step[0] ?? '';
  const rest = step.slice(1);
  const [client = '', second = '', third = '', fourth = ''] = rest.split(',').map(decodeURIComponent);
  for (const [name, each] of Object.entries(LETTERS)) {
    if (each === letter) return { do: name as keyof typeof LETTERS, client };
  }
  for (const [name, each] of Object.entries(FLIGHT_LETTERS)) {
    if (each === letter) return { do: name as keyof typeof FLIGHT_LETTERS, flight: Number(rest) };
  }
  if (letter === WRITTEN_OUT) return readInput(client);
  if (letter === 'k')
    return { do: 'disconnect', client, ...(second === '' ? {} : { reasonCode: Number(second) }) };
  if (letter === 'w') return { do: 'wait', time: Number(rest) };
  if (letter === 'u') return { do: 'unsubscribe', client, topicFilter: second };
  if (letter === 's') {
    const asPublished = third.endsWith('r') ? { retainAsPublished: true } : {};
    return { do: 'subscribe', client, topicFilter: second, qos: qosOf(third), ...asPublished };
  }
  if (letter !== 'p') return undefined;
  const retain = fourth.endsWith('r') ? { retain: true } : {};
  return { do: 'publish', client, topic: second, payload: third, qos: qosOf(fourth), ...retain };
}

function qosOf(text: string): 0 | 1 | 2 {
  const qos = Number(text[0]);
  if (qos !== 0 && qos !== 1 && qos !== 2) throw new RangeError('QoS is 0, 1 or 2');
  return qos;
}

/** Leaves nothing that stands between steps or between the values of one. */
function written(text: string): string {
  return encodeURIComponent(text).replaceAll('.', '%2E');
}
