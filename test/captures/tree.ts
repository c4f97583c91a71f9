/**
 * Folds spans into the tree in which tshark writes fields as JSON: a field with parts has them under its own name with
 * `_tree` behind it, and what occurs more than once in one place becomes an array.
 */
import { type Span, wiresharkFields } from '../../broker/codec/index.ts';

export type Tree = { [filter: string]: string | Tree | (string | Tree)[] };

export function toTree(spans: readonly Span[]): Tree {
  const root: Tree = {};
  const parents: Tree[] = [root];
  for (const [index, span] of spans.entries()) {
    const parent = parents[span.depth] as Tree;
    const [field] = wiresharkFields([span]);
    let inner = parent;
    if (field !== undefined) {
      const hasParts = (spans[index + 1]?.depth ?? 0) > span.depth;
      if (hasParts) inner = {};
      if (span.value !== undefined) add(parent, field.filter, field.value);
      if (hasParts) add(parent, span.value === undefined ? field.filter : `${field.filter}_tree`, inner);
    }
    parents[span.depth + 1] = inner;
  }
  return root;
}

function add(tree: Tree, key: string, value: string | Tree): void {
  const before = tree[key];
  if (before === undefined) tree[key] = value;
  else if (Array.isArray(before)) before.push(value);
  else tree[key] = [before, value];
}
