// What lies around an MQTT packet in the frame that completes it: Ethernet, IP, TCP, and what is between TCP and MQTT, each
// with its fields. Knows how they are put into a list; the reading is the engine's.
import {
  dissectFrame,
  dissectWrapping,
  LAYERS,
  type Layer,
  type LayerSpan,
  layerValue,
} from '../../../broker/capture/index.ts';

export interface LayerField {
  name: string;
  filter: string | undefined;
  value: string;
  depth: number;
  /** Bytes of the frame, the end excluded. */
  start: number;
  end: number;
}

export interface LayerPart {
  layer: Layer;
  name: string;
  filter: string;
  start: number;
  end: number;
  fields: LayerField[];
}

/** The headers around a packet, and the bytes of its frame. */
export interface Around {
  bytes: Uint8Array;
  parts: LayerPart[];
}

/**
 * Takes a frame apart, down to where MQTT begins.
 * @param wrappings what the connection has between TCP and MQTT, from TCP on
 */
export function layersAround(
  bytes: Uint8Array,
  linkType: number,
  [wrapping]: readonly ('tls' | 'websocket')[],
): Around {
  const { spans, payload } = dissectFrame(bytes, linkType);
  // What is within TLS is sealed: only the outermost can be seen in a frame.
  const within = wrapping && payload ? headerOf(dissectWrapping(bytes, payload, wrapping)) : [];
  return { bytes, parts: partsOf([...spans, ...within]) };
}

/** Contents of records and frames, whose header alone is of interest. */
const CONTENTS: readonly string[] = ['tlsFragment', 'tlsEncrypted', 'websocketPayload'];

function headerOf(spans: readonly LayerSpan[]): LayerSpan[] {
  const [whole] = spans;
  const content = spans.find(({ field }) => CONTENTS.includes(field));
  const header = spans.filter(({ end }) => content === undefined || end <= content.start);
  if (whole === undefined || content === undefined) return [...spans];
  return [{ ...whole, end: content.start }, ...header.filter((span) => span !== whole)];
}

function partsOf(spans: readonly LayerSpan[]): LayerPart[] {
  const parts: LayerPart[] = [];
  for (const span of spans) {
    const { layer, depth, name, filter, start, end } = span;
    if (depth === 0) parts.push({ layer, name, filter: LAYERS[layer].filter, start, end, fields: [] });
    else parts.at(-1)?.fields.push({ name, filter, value: valueText(span), depth: depth - 1, start, end });
  }
  return parts;
}

function valueText(span: LayerSpan): string {
  const value = span.value === undefined ? '' : layerValue(span);
  return span.meaning === undefined ? value : `${value} ${span.meaning}`;
}
