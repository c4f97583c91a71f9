/** The three subscribers: what each asked for, and what it got of the publication. */
import type { Dictionary } from '../../i18n/index.ts';
import { Who } from '../packet/Who.tsx';
import { lights } from './lights.ts';
import type { Scene } from './scene.ts';

export function Subscribers({ words, scene: { subscribers } }: { words: Dictionary['home']; scene: Scene }) {
  return (
    <section class="subs" aria-label={words.subscribers.heading}>
      <h2>
        <Who party={{ name: words.subscribers.heading, role: 'subscriber' }} />
        <span class="lab">{subscribers.length}</span>
      </h2>
      {subscribers.map(({ name, topicFilter, state, message }) => (
        <div key={name} class="s1">
          <h3>{name}</h3>
          <span class="lab m">{topicFilter}</span>
          {state === 'got' ? (
            <p class="got m" title={message} {...lights('message')}>
              {message || words.subscribers.empty}
            </p>
          ) : (
            <p class="wt">{words.subscribers[state]}</p>
          )}
        </div>
      ))}
    </section>
  );
}
