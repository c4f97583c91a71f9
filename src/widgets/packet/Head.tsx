/**
 * The head of the packet widget: the packet as a capsule, from whom to whom, what it is, and what can be done with the whole
 * of it. Below it the ruler: the parts in proportion.
 */
import { useEffect, useState } from 'preact/hooks';
import { strokeOf } from '../../styles/parts.ts';
import { Capsule } from './Capsule.tsx';
import { Icon } from './Icon.tsx';
import type { Opened } from './opened.ts';
import { type PacketWords, versionAndSize } from './say.ts';
import type { Stretch } from './summary.ts';
import { type Party, Who } from './Who.tsx';

/** How long a button says that something is done. */
const SAID_FOR = 2000;

interface Props {
  words: PacketWords;
  lang: string;
  opened: Opened;
  from: Party | undefined;
  to: Party | undefined;
  /** The bytes are no longer those that were sent. */
  isTyped: boolean;
  isReady: boolean;
  /** Undefined where there is nothing to choose. */
  mode: 'read' | 'edit' | undefined;
  onMode(mode: 'read' | 'edit'): void;
  onCopy(): Promise<void>;
  /** Undefined where the packet has no place in the address. */
  onLink: (() => Promise<'linked' | 'linkTooLong'>) | undefined;
  /** Where the packet can be opened in the playground. */
  playground: string | undefined;
}

export function Head({
  words,
  lang,
  opened,
  from,
  to,
  isTyped,
  isReady,
  mode,
  onMode,
  onCopy,
  onLink,
  playground,
}: Props) {
  const { packet: phrases } = words;
  return (
    <div class="pk-h">
      <Capsule frame={opened.bytes} version={opened.version} words={phrases.capsule} />
      <span class="lab">
        {isTyped && phrases.typed}
        {!isTyped && from && <Who party={from} />}
        {!isTyped && from && to && (
          <>
            <span aria-hidden="true">{phrases.arrow}</span>
            <span class="vh-hide">{phrases.arrowLabel}</span>
          </>
        )}
        {!isTyped && to && <Who party={to} />}
        <span class="size">{versionAndSize(opened, words, lang)}</span>
      </span>
      <span class="act">
        <Doing
          icon="copy"
          label={phrases.actions.copy}
          failed={phrases.actions.failed}
          isReady={isReady}
          act={() => onCopy().then(() => phrases.actions.copied)}
        />
        {onLink && (
          <Doing
            icon="link"
            label={phrases.actions.link}
            failed={phrases.actions.failed}
            isReady={isReady}
            act={async () => phrases.actions[await onLink()]}
          />
        )}
        {playground && (
          <a
            class="btn s q"
            href={playground}
            aria-label={phrases.actions.playgroundLabel}
            title={phrases.actions.playgroundLabel}
          >
            {phrases.actions.playground}
          </a>
        )}
        {mode && <Mode words={words} mode={mode} isReady={isReady} onMode={onMode} />}
      </span>
    </div>
  );
}

/** A button that says for a while what came of it. The clipboard may be closed to a page. */
function Doing({
  icon,
  label,
  failed,
  isReady,
  act,
}: {
  icon: 'copy' | 'link';
  label: string;
  failed: string;
  isReady: boolean;
  act(): Promise<string>;
}) {
  const [said, say] = useState<string>();
  useEffect(() => {
    if (said === undefined) return;
    const timer = setTimeout(() => say(undefined), SAID_FOR);
    return () => clearTimeout(timer);
  }, [said]);
  return (
    <>
      <button
        type="button"
        class="btn s q"
        disabled={!isReady}
        onClick={() => void act().then(say, () => say(failed))}
      >
        <Icon of={icon} />
        {said ?? label}
      </button>
      <span role="status" class="vh-hide">
        {said}
      </span>
    </>
  );
}

const modes = ['read', 'edit'] as const;

function Mode({
  words,
  mode,
  isReady,
  onMode,
}: {
  words: PacketWords;
  mode: 'read' | 'edit';
  isReady: boolean;
  onMode(mode: 'read' | 'edit'): void;
}) {
  const { actions } = words.packet;
  return (
    <span
      class="seg"
      role="radiogroup"
      aria-label={actions.mode}
      onKeyDown={(event) => {
        if (!/^Arrow/.test(event.key)) return;
        event.preventDefault();
        event.stopPropagation();
        const next = mode === 'read' ? 'edit' : 'read';
        onMode(next);
        event.currentTarget.querySelector<HTMLElement>(`[data-mode=${next}]`)?.focus();
      }}
    >
      {modes.map((each) => (
        // biome-ignore lint/a11y/useSemanticElements: one of two buttons that are drawn as one
        <button
          key={each}
          type="button"
          role="radio"
          data-mode={each}
          aria-checked={each === mode}
          tabIndex={each === mode ? 0 : -1}
          disabled={!isReady}
          onClick={() => onMode(each)}
        >
          {actions[each]}
        </button>
      ))}
    </span>
  );
}

/** The parts of the packet, each as wide as it has bytes and no narrower than its letters. */
export function Ruler({ words, stretches }: { words: PacketWords; stretches: readonly Stretch[] }) {
  const { parts, short } = words.packet;
  return (
    <div class="strip">
      {stretches.map(({ part, length }) => (
        <div key={part} class={strokeOf(part)} style={{ '--n': length }}>
          <b aria-hidden="true">{part === 'unread' ? '' : parts[part].letters}</b>
          <span class="tx">{short[part]}</span>
          <em>{length}</em>
        </div>
      ))}
    </div>
  );
}
