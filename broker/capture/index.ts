// The captures' public face: files of network traffic to conversations, and traces to such files.
export {
  Capture,
  type CaptureContents,
  type CaptureOptions,
  type Progress,
  readCapture,
  type Source,
} from './capture.ts';
export {
  type CapturedPacket,
  type Conversation,
  dissectPacket,
  type Endpoint,
  type ListedRecord,
} from './conversation.ts';
export { type Crypto, type Subtle, webCrypto } from './crypto.ts';
export { type EncapsulateOptions, encapsulate } from './encapsulate.ts';
export {
  type Envelope,
  type EnvelopeFrame,
  type EnvelopeOptions,
  type EnvelopePart,
  envelope,
} from './envelope.ts';
export { LAYER_FIELDS, LAYERS, type Layer, type LayerField, type LayerFieldId } from './field.ts';
export { FINDINGS, type Finding, type FindingId, type Weight } from './finding.ts';
export { FILE_FAULTS, type FileFault, type FileFaultId } from './format.ts';
export { dissectFrame } from './frame.ts';
export type { LayerSpan } from './reader.ts';
export type { FramePlace } from './reassemble.ts';
export { Secrets } from './secrets.ts';
export {
  layerValue,
  type WiresharkRow,
  type WiresharkTree,
  wiresharkRows,
  wiresharkSpans,
  wiresharkTime,
  wiresharkTree,
} from './wireshark.ts';
export { dissectWrapping } from './wrapping.ts';
export { type FileToWrite, type FrameToWrite, writePcapng } from './write.ts';
