// What is asked of a packet, as text beside what was found. Knows which field is meant by which comparison.
import type { Asked, Comparison } from '../../lessons/publish-packet.ts';

/** What is wanted; undefined where no value is, but that the packet be whole, or that the field be absent. */
export function wantedOf(what: Comparison['what'], asked: Asked): string | undefined {
  switch (what) {
    case 'whole':
      return undefined;
    case 'dup':
      return '0';
    case 'qos':
      return String(asked.qos);
    case 'retain':
      return asked.retain ? '1' : '0';
    case 'topic':
      return asked.topic;
    case 'packetId':
      return asked.packetId?.toString();
    case 'payload':
      return asked.payload;
    default:
      return what satisfies never;
  }
}
