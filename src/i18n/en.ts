/**
 * English, whole: the sections under `en/` put together. It knows their names and nothing of their texts.
 */
import { bits } from './en/bits.ts';
import { capture } from './en/capture.ts';
import { client } from './en/client.ts';
import { envelope } from './en/envelope.ts';
import { fields } from './en/fields.ts';
import { frame } from './en/frame.ts';
import { home } from './en/home.ts';
import { lab } from './en/lab.ts';
import { lesson } from './en/lesson.ts';
import { lessons } from './en/lessons.ts';
import { live } from './en/live.ts';
import { packet } from './en/packet.ts';
import { playground } from './en/playground.ts';
import { publishPacket } from './en/publish-packet.ts';
import { publishSubscribe } from './en/publish-subscribe.ts';
import { qos } from './en/qos.ts';
import { real } from './en/real.ts';
import { reference } from './en/reference.ts';
import { refusals } from './en/refusals.ts';
import { retained } from './en/retained.ts';
import { sessions } from './en/sessions.ts';
import { stepper } from './en/stepper.ts';
import { topics } from './en/topics.ts';
import { varint } from './en/varint.ts';
import { will } from './en/will.ts';
import { wireshark } from './en/wireshark.ts';
import { worldLink } from './en/world-link.ts';

export const en = {
  bits,
  capture,
  client,
  envelope,
  fields,
  frame,
  home,
  lab,
  lesson,
  lessons,
  live,
  packet,
  playground,
  publishPacket,
  publishSubscribe,
  qos,
  real,
  reference,
  refusals,
  retained,
  sessions,
  stepper,
  topics,
  varint,
  will,
  wireshark,
  worldLink,
} as const;
