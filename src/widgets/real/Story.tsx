/** What the clients of a lesson's figure do in its story, one thing after the other: the reader says when. */
import { useMemo, useState } from 'preact/hooks';
import type { Input } from '#broker/index.ts';
import { begin, way } from '../../lessons/run.ts';
import type { Scenario } from '../../lessons/scenario.ts';
import { type InputWords, inputText } from '../client/say.ts';
import type { RealWords } from './RealStage.tsx';

export interface StoryProps {
  words: InputWords & RealWords;
  scenario: Scenario;
  /** Does it, and says whether it could be done. */
  perform(input: Input): boolean;
}

/** What clients do, and what befalls their links; packets are moved by the reader, and time by nobody. */
const DONE: readonly Input['do'][] = [
  'connect',
  'disconnect',
  'publish',
  'subscribe',
  'unsubscribe',
  'cut',
  'freeze',
  'thaw',
];

export function Story({ words, scenario, perform }: StoryProps) {
  const [at, setAt] = useState(0);
  const story = useMemo(() => storyOf(scenario), [scenario]);
  const { heading, over } = words.real.story;
  const next = story[at];
  return (
    <p class="story">
      <span class="lab">{heading}</span>{' '}
      {next ? (
        <>
          {inputText(next, [], words)}{' '}
          <button type="button" class="btn s go" onClick={() => perform(next) && setAt(at + 1)}>
            {words.real.story.do}
          </button>
        </>
      ) : (
        over
      )}
    </p>
  );
}

function storyOf(scenario: Scenario): Input[] {
  const all = [...scenario.before, ...way(begin(scenario))].filter((input) => DONE.includes(input.do));
  // What is done again and again before a figure begins has used up identifiers, and shows nothing here.
  return all.filter((input, index) => JSON.stringify(input) !== JSON.stringify(all[index - 1]));
}
