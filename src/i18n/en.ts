/**
 * English, whole: the sections under `en/` put together. It knows their names and nothing of their texts.
 */
import { bits } from './en/bits.ts';
import { envelope } from './en/envelope.ts';
import { fields } from './en/fields.ts';
import { frame } from './en/frame.ts';
import { home } from './en/home.ts';
import { lesson } from './en/lesson.ts';
import { lessons } from './en/lessons.ts';
import { live } from './en/live.ts';
import { packet } from './en/packet.ts';
import { publishPacket } from './en/publish-packet.ts';
import { qos } from './en/qos.ts';
import { reference } from './en/reference.ts';
import { retained } from './en/retained.ts';
import { sessions } from './en/sessions.ts';
import { stepper } from './en/stepper.ts';
import { varint } from './en/varint.ts';
import { will } from './en/will.ts';

export const en = {
  bits,
  envelope,
  fields,
  frame,
  home,
  lesson,
  lessons,
  live,
  packet,
  publishPacket,
  qos,
  reference,
  retained,
  sessions,
  stepper,
  varint,
  will,
} as const;
