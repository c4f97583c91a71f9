// An input in words: one line of what was done, or is to be done. It puts phrases of the dictionary together and decides
// nothing.
import { type Flight, type Input, reasonName } from '#broker/index.ts';
import { BROKER } from '#broker/sim/setup.ts';
import type { Dictionary } from '../../i18n/index.ts';
import { fill } from '../../i18n/phrase.ts';
import { type CapsuleWords, capsuleLabel } from '../packet/Capsule.tsx';

export type InputWords = Pick<Dictionary, 'client' | 'stepper' | 'packet'>;

/**
 * What an input says.
 * @param flights all packets of the run, from the first
 */
export function inputText(
  input: Input,
  flights: readonly Flight[],
  { client: { inputs: words }, stepper, packet }: InputWords,
): string {
  switch (input.do) {
    case 'connect':
    case 'cut':
    case 'freeze':
    case 'thaw':
      return fill(words[input.do], { client: input.client });
    case 'disconnect':
      return input.reasonCode
        ? fill(words.disconnectWith, { client: input.client, reason: reasonText(input.reasonCode) })
        : fill(words.disconnect, { client: input.client });
    case 'publish': {
      const { client, topic, payload, qos, retain } = input;
      const message = payload === '' ? stepper.message.empty : fill(stepper.message.text, { payload });
      return fill(retain ? words.publishRetained : words.publish, { client, message, topic, qos });
    }
    case 'subscribe': {
      const { client, topicFilter, qos } = input;
      return fill(words.subscribe, { client, topicFilter, qos });
    }
    case 'unsubscribe':
      return fill(words.unsubscribe, { client: input.client, topicFilter: input.topicFilter });
    case 'deliver':
    case 'hold':
    case 'release':
    case 'drop':
    case 'duplicate':
    case 'reorder':
      return fill(words[input.do], flightText(flights[input.flight - 1], stepper, packet.capsule));
    case 'wait':
      return fill(words.wait, { seconds: input.time / 1000 });
    case 'restart':
      return input.keeps ? words.restartKeeping : words.restart;
    case 'join':
      return fill(words.join, { client: input.setup.name });
    default:
      return input satisfies never;
  }
}

/** A packet, and between whom it travels. */
function flightText(
  flight: Flight | undefined,
  { broker }: Dictionary['stepper'],
  words: CapsuleWords,
): { packet: string; from: string; to: string } {
  const called = (name = '') => (name === BROKER ? broker.within : name);
  const packet = flight ? capsuleLabel(flight.frame, flight.version, words) : '';
  return { packet, from: called(flight?.from), to: called(flight?.to) };
}

/** What a client gives as its reason to leave. */
export function reasonText(code: number): string {
  return reasonName('disconnect', code) ?? String(code);
}
