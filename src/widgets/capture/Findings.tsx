/** What a capture was found to show, line by line; a line leads to its packet. And the connections, with how each ended. */
import { useState } from 'preact/hooks';
import type { Finding } from '../../../broker/capture/index.ts';
import type { Dictionary } from '../../i18n/index.ts';
import { fill, plural } from '../../i18n/phrase.ts';
import type { Summary } from './open-capture.ts';
import { carriedText, endText } from './phrases.ts';

interface Props {
  words: Dictionary['capture'];
  lang: string;
  summary: Summary;
  isReady: boolean;
  open(number: number): void;
}

/** Findings that are listed at first, and with each press. */
const LISTED = 12;

export function Findings({ words, lang, summary, isReady, open }: Props) {
  const { findings, findingCount } = summary;
  const [listed, setListed] = useState(LISTED);
  const more = findingCount - listed;
  return (
    <details class="findings" open={findingCount > 0 && findingCount <= LISTED}>
      <summary>
        {words.findings.heading}
        <span class="lab">
          {findingCount === 0 ? words.findings.none : plural(words.findings.count, findingCount, lang)}
        </span>
      </summary>
      <ul class="told">
        {findings.slice(0, listed).map((finding, index) => (
          <li key={index} class={finding.weight}>
            <Lead words={words} finding={finding} isReady={isReady} open={open} />
          </li>
        ))}
      </ul>
      {more > 0 && listed < findings.length && (
        <button type="button" class="lk" onClick={() => setListed(listed + 10 * LISTED)}>
          {plural(words.findings.more, more, lang)}
        </button>
      )}
    </details>
  );
}

function Lead({ words, finding, isReady, open }: Omit<Props, 'lang' | 'summary'> & { finding: Finding }) {
  const { packet, frame, message } = finding;
  const place = frame === undefined ? '' : fill(words.findings.frame, { frame });
  if (packet === undefined)
    return (
      <span>
        {message} <span class="lab">{place}</span>
      </span>
    );
  return (
    <button type="button" class="lead" disabled={!isReady} onClick={() => open(packet)}>
      {message} <span class="lab">{place}</span>
    </button>
  );
}

/** Connections that are listed. */
const MOST_TALKS = 200;

export function Connections({
  words,
  lang,
  summary: { talks, others },
}: Pick<Props, 'words' | 'lang' | 'summary'>) {
  const { talks: phrases } = words;
  return (
    <details class="talks">
      <summary>
        {phrases.heading}
        <span class="lab">{plural(words.connections, talks.length, lang)}</span>
      </summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys */}
      <section class="scroll" tabIndex={0} aria-label={phrases.heading}>
        <table>
          <thead>
            <tr>
              {(
                [
                  phrases.stream,
                  phrases.client,
                  phrases.ends,
                  phrases.what,
                  phrases.packets,
                  phrases.ended,
                ] as const
              ).map((text) => (
                <th key={text} scope="col">
                  {text}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {talks.slice(0, MOST_TALKS).map((talk) => (
              <tr key={talk.stream}>
                <td class="m">{talk.stream}</td>
                <td class="m">{talk.client}</td>
                <td class="m">
                  {talk.from} → {talk.to}
                </td>
                <td>{carriedText(talk, words, lang)}</td>
                <td class="m">{talk.packets}</td>
                <td>{endText(talk, words)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {others > 0 && <p class="lab">{plural(phrases.others, others, lang)}</p>}
    </details>
  );
}
