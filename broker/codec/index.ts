// The codec's public face: bytes to packets and back, and what there is to know of both.
export { type Dissection, decode, dissect } from './decode.ts';
export { encode } from './encode.ts';
export { FAULTS, type Fault, type FaultId, Malformed } from './fault.ts';
export { FIELDS, type Field, type FieldId, type StatementId } from './field.ts';
export { Framer } from './framer.ts';
export * from './packet.ts';
export { PROPERTIES, type Properties, type PropertyKey, type PropertyOwner } from './property.ts';
export { stampPacketId } from './publish.ts';
export type { Part, Span } from './reader.ts';
export {
  CONNECT_RETURN_CODES,
  connectReturnCode,
  FAILURE,
  REASON,
  REASONS,
  type ReasonName,
  type ReasonOwner,
  reasonName,
} from './reason.ts';
export { isUtf8, textOf, utf8 } from './utf8.ts';
export { filterFault, isShared, validate } from './validate.ts';
export { shownText, wiresharkFields } from './wireshark.ts';
