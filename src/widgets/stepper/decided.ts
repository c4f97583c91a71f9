// Decisions of the broker as sentences, one for each. It puts phrases of the dictionary together; what is a decision is for
// others to say.
import { reasonName } from '../../../broker/index.ts';
import { fill } from '../../i18n/phrase.ts';
import { closesText } from '../packet/closes.ts';
import type { Decision } from './decisions.ts';
import type { StepperWords } from './tell.ts';

/** A decision in one sentence. */
export function decisionText(decision: Decision, { stepper: { decided }, packet }: StepperWords): string {
  const client = decision.clientId ?? '';
  switch (decision.kind) {
    case 'matched': {
      const { topic, matches } = decision;
      const form = matches.length === 0 ? 'none' : matches.length === 1 ? 'one' : 'other';
      const list = matches.map(({ clientId, topicFilter, qos }) =>
        fill(decided.match, { client: clientId, topicFilter, qos }),
      );
      return fill(decided.matched[form], { topic, count: matches.length, matches: list.join(', ') });
    }
    case 'queued':
      return fill(decided.queued, { topic: decision.topic, client });
    case 'dropped':
      return fill(decided.dropped[decision.why], { topic: decision.topic, client });
    case 'retained':
      return fill(decided.retained[decision.action], { topic: decision.topic });
    case 'session':
      return fill(decided.session[decision.action], { client });
    case 'will':
      return fill(decided.will[decision.action], { topic: decision.topic, client });
    case 'subscribed':
    case 'unsubscribed':
      return fill(decided[decision.kind], { client, topicFilter: decision.topicFilter });
    case 'refused':
      return fill(decided.refused[decision.what], { reason: reasonText(decision, decided) });
    case 'duplicate':
      return fill(decided.duplicate, { id: decision.packetId });
    case 'silent':
      return fill(decided.silent, { keepAlive: decision.keepAlive });
    case 'malformed':
      return fill(decided.malformed, { message: decision.fault.message });
    case 'closed':
      return closesText(decision.reason ?? '', packet.closes);
    default:
      return decision satisfies never;
  }
}

/** A refusal has the reason codes of the packet that tells it. */
const TOLD_IN = {
  connect: 'connack',
  publish: 'puback',
  subscribe: 'suback',
  unsubscribe: 'unsuback',
} as const;

function reasonText(
  { what, reasonCode }: Decision & { kind: 'refused' },
  { reason }: StepperWords['stepper']['decided'],
): string {
  const code = reasonCode.toString(16).toUpperCase().padStart(2, '0');
  return fill(reason, { name: reasonName(TOLD_IN[what], reasonCode) ?? '', code });
}
