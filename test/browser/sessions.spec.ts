import { expect, type Locator, type Page } from '@playwright/test';
import { questionOf as nowOf } from '../../src/lessons/session-now.ts';
import { questionOf } from '../../src/lessons/sessions.ts';
import { expectNothingWrong, inEachLook } from './looks.ts';
import { expectProgress, figure, press, remembers, test } from './stepper.ts';

const PAGE = '/lessons/sessions/';

/** The figure of the goal: the one with buttons of its own. */
async function goalFigure(page: Page): Promise<Locator> {
  const found = page.locator('figure.sx', { has: page.locator('.offers') });
  await page.locator('.goal').scrollIntoViewIfNeeded();
  await expect(found.getByRole('button', { name: 'Back', exact: true })).toBeEnabled();
  return found;
}

test.beforeEach(async ({ page }) => {
  await page.goto(PAGE);
});

test('opens with the phone away, its session kept, and one of two messages waiting', async ({ page }) => {
  const first = await figure(page);
  await expect(remembers(first, 1)).toContainText('of phone, away');
  await expect(remembers(first, 1)).toContainText('of phone: Room1/#, QoS 1');
  await expect(remembers(first, 1)).toContainText('1 message for phone');
  await expect(first.locator('.nt', { hasText: '“2” is not kept for phone' })).toBeVisible();
});

test('the phone returns to its session with the mouse, and to nothing in the other story', async ({
  page,
}) => {
  const first = await figure(page);
  await press(first, 'To the end');
  await expect(first.locator('.nt', { hasText: 'Session Present 1' })).toBeVisible();
  await expect(remembers(first, 2)).toContainText('got “1” once');
  await expect(remembers(first, 2)).not.toContainText('“2”');
  await first.getByText('Session ends', { exact: true }).click();
  await expect(first.locator('.nt', { hasText: '“1”: nobody has subscribed' })).toBeVisible();
  await press(first, 'To the end');
  await expect(first.locator('.nt', { hasText: 'Session Present 0' })).toBeVisible();
  await expect(remembers(first, 2)).toContainText('nothing');
});

test('it goes by keyboard alone', async ({ page }) => {
  const first = await figure(page);
  await first.getByRole('radio', { name: '5.0' }).focus();
  await page.keyboard.press('Space');
  await first.getByRole('group', { name: /Sequence of packets/ }).focus();
  await page.keyboard.press('End');
  await expect(first.locator('.nt', { hasText: 'Session Expiry Interval 3600 s' })).toBeVisible();
  await expect(remembers(first, 2)).toContainText('got “1” once');
  await page.keyboard.press('Home');
  await expect(remembers(first, 1)).toContainText('of phone, connected');
});

test('a broker in the page outlives the page, until it is told to forget', async ({ page }) => {
  const experiment = page.getByRole('region', { name: 'Experiment: a broker that outlives its page' });
  const says = (text: string) => expect(experiment.getByRole('status')).toHaveText(text);
  await experiment.scrollIntoViewIfNeeded();
  await says('Nothing is stored yet.');
  await press(experiment, 'p1 publishes “1”');
  await press(experiment, 'p1 publishes “2”');
  await says('The broker has the phone’s session. In it waits: “1” and “2”.');
  await press(experiment, 'Reload this page');
  await says('Nothing is stored yet.');
  await experiment.scrollIntoViewIfNeeded();
  await says('The broker has the phone’s session. In it waits: “1” and “2”.');
  const other = await page.context().newPage();
  await other.goto(PAGE);
  const twin = other.getByRole('region', { name: 'Experiment: a broker that outlives its page' });
  await twin.scrollIntoViewIfNeeded();
  await expect(twin.getByRole('status')).toContainText('Another page has this broker’s store open.');
  await other.close();
  await press(experiment, 'The phone returns');
  await says('The phone was back. Session Present 1. It got “1” and “2”.');
  await press(experiment, 'Forget it all');
  await page.reload();
  await experiment.scrollIntoViewIfNeeded();
  await says('Nothing is stored yet.');
  await press(experiment, 'p1 publishes “1”');
  await says('The broker has the phone’s session. In it waits: “1”.');
});

test('the first prediction: nothing comes through a subscription with QoS 0', async ({ page }) => {
  const asks = page.locator('.asks').first();
  await asks.scrollIntoViewIfNeeded();
  await asks.getByLabel('“1”, with QoS 2').check();
  await press(asks, 'Run it');
  await press(asks, 'To the end');
  await expect(asks.getByText('The session was there all the time')).toBeVisible();
  await expect(asks.locator('label', { hasText: 'nothing' })).toHaveClass('so');
});

test('the second prediction: the phone is disconnected', async ({ page }) => {
  const asks = page.locator('.asks').nth(1);
  await asks.scrollIntoViewIfNeeded();
  await asks.getByLabel('the tablet is refused').check();
  await press(asks, 'Run it');
  await press(asks, 'To the end');
  await expect(asks.locator('label', { hasText: 'the phone is disconnected' })).toHaveClass('so');
  await expect(
    asks.locator('.nt', { hasText: 'the other connection of phone is closed' }).first(),
  ).toBeVisible();
});

test('the Session Expiry Interval runs out, or does not', async ({ page }) => {
  const figures = page.locator('figure.sx', { hasText: 'after 90' });
  await figures.scrollIntoViewIfNeeded();
  await expect(figures.getByRole('button', { name: 'Back', exact: true })).toBeEnabled();
  await expect(figures.locator('.gap.wait')).toContainText('The session of phone has expired.');
  await figures.getByRole('radio', { name: 'after 30' }).check();
  await expect(figures.locator('.gap.wait')).not.toContainText('has expired');
  await press(figures, 'To the end');
  await expect(remembers(figures, 2)).toContainText('got “1” once');
});

test('the goal: failed tries say what was different, and packets meet it', async ({ page }) => {
  const own = await goalFigure(page);
  const goal = page.locator('.goal');
  await expect(goal).toContainText('0 of 4 met');
  const subscribeLeavePublishReturn = async (subscribe: string) => {
    for (const act of [subscribe, 'The phone leaves', 'p1 publishes “Shut”, QoS 1', 'The phone returns']) {
      await press(own, act);
      await press(own, 'To the end');
    }
  };
  await subscribeLeavePublishReturn('Subscribe with QoS 1');
  await expect(goal).toContainText('The phone did not ask for a session that outlives its connection.');
  await own.getByText('Session kept', { exact: true }).click();
  await subscribeLeavePublishReturn('Subscribe with QoS 0');
  await expect(goal).toContainText('The subscription has QoS 0');
  await press(goal, 'Start over');
  await subscribeLeavePublishReturn('Subscribe with QoS 1');
  await expect(goal).toContainText('4 of 4 met');
  await expect(goal.getByRole('heading')).toContainText('Met');
  await expectProgress(page, { sessions: 'met' });
});

test('the goal is reached by keyboard alone', async ({ page }) => {
  const own = await goalFigure(page);
  await own.getByRole('radio', { name: 'Session kept' }).focus();
  await page.keyboard.press('Space');
  for (const act of ['Subscribe with QoS 1', 'The phone leaves', /“Shut”/, 'The phone returns']) {
    await own.getByRole('button', { name: act }).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('End');
  }
  await expect(page.locator('.goal')).toContainText('4 of 4 met');
});

test('the solution reaches the goal, and counts as seen', async ({ page }) => {
  const own = await goalFigure(page);
  const goal = page.locator('.goal');
  await press(goal, 'Solution');
  await press(own, 'To the end');
  await expect(goal).toContainText('4 of 4 met');
  await expect(goal.getByRole('heading')).toContainText('Seen');
});

for (const seed of ['0001', '4F2A', '1234']) {
  test(`exercise ${seed} is solved with what the simulator does`, async ({ page }) => {
    await page.goto(`${PAGE}?exercise=${seed}`);
    const exercise = page.locator('.exercise').first();
    await exercise.scrollIntoViewIfNeeded();
    await expect(exercise).toContainText(`exercise ${seed}`);
    const { present, received } = questionOf(seed).answer;
    await press(exercise, 'Check');
    await expect(exercise).toContainText('Answer what Session Present says first.');
    await exercise.getByRole('radio', { name: present ? '0' : '1', exact: true }).check();
    await press(exercise, 'Check');
    await expect(exercise).toContainText('Session Present is another one');
    await exercise.getByRole('radio', { name: present ? '1' : '0', exact: true }).check();
    for (const payload of received) await exercise.getByLabel(`“${payload}” to`).check();
    await press(exercise, 'Check');
    await expect(exercise).toContainText('Right.');
    await expect(exercise.getByRole('button', { name: 'Back', exact: true })).toBeEnabled();
  });
}

test('what is in the session now is told by the broker', async ({ page }) => {
  await page.goto(`${PAGE}?now=0001`);
  const exercise = page.locator('.exercise').last();
  await exercise.scrollIntoViewIfNeeded();
  await expect(exercise.getByRole('button', { name: 'Check' })).toBeEnabled();
  const { answer, messages } = nowOf('0001');
  await press(exercise, 'Check');
  await expect(exercise).toContainText('It is different for the subscriptions');
  for (const topicFilter of answer.subscriptions)
    await exercise.getByRole('checkbox', { name: topicFilter, exact: true }).check();
  for (const { topic, qos } of messages.filter((each) => answer.messages.includes(each.topic)))
    await exercise.getByRole('checkbox', { name: `${topic}, QoS ${qos}` }).check();
  await press(exercise, 'Check');
  await expect(exercise).toContainText('Right.');
});

inEachLook(test, 'nothing is wrong with the page for assistive technology', async (page) => {
  const first = await figure(page);
  await press(first, 'To the end');
  await press(first, 'Transcript');
  await press(await goalFigure(page), 'Subscribe with QoS 1');
  await expectNothingWrong(page);
});

test('at 360 pixels nothing has to be scrolled sideways, whatever is shown', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 780 });
  const width = () => page.evaluate(() => document.documentElement.scrollWidth);
  const first = await figure(page);
  expect(await width()).toBe(360);
  await press(first, 'To the end');
  await first.getByText('Session ends', { exact: true }).click();
  const own = await goalFigure(page);
  await own.getByText('No identifier', { exact: true }).click();
  await press(own, 'Subscribe with QoS 0');
  expect(await width()).toBe(360);
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('the figure shows its default state', async ({ page }) => {
    const first = page.locator('figure.sx').first();
    await expect(remembers(first, 1)).toContainText('1 message for phone');
    await expect(first.locator('button:visible:not(.st)')).toHaveCount(0);
    await expect(page.locator('.gap.wait').first()).toContainText('The session of phone has expired.');
  });
});
