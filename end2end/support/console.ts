import { expect, type Locator, type Page } from '@playwright/test';

/** Checks every half second, so that a journey sees a change soon; within ELBv2's words and this program's ranges. */
export const FAST = { interval_ms: '500', timeout_ms: '400', unhealthy_threshold: '2', healthy_threshold: '2' };

/** How long after its death a target may still be shown as it was: the settings say so, and 300 ms for the way to the screen. */
export const BOUND_MS = Number(FAST.interval_ms) * Number(FAST.unhealthy_threshold) + Number(FAST.timeout_ms) + 300;

/** Types into the fields of the form that is open, by their names. */
export async function fill(page: Page, fields: Record<string, string>): Promise<void> {
  for (const [name, value] of Object.entries(fields)) {
    const field = page.locator(`#f-${name}`);
    await unfold(field);
    if ((await field.evaluate((element) => element.tagName)) === 'SELECT') await field.selectOption(value);
    else await field.fill(value);
  }
}

/** Makes a group through its form. */
export async function createGroup(page: Page, fields: Record<string, string> & { name: string }): Promise<void> {
  await page.goto('/groups/new');
  await fill(page, fields);
  await page.getByRole('button', { name: 'Create target group' }).click();
  await expect(page.getByRole('heading', { level: 1, name: fields.name })).toBeVisible();
}

/** Adds targets through the form, one a line. */
export async function addTargets(page: Page, group: string, lines: string[]): Promise<void> {
  await page.goto(`/groups/${group}/targets/add`);
  await fill(page, { targets: lines.join('\n') });
  await page.getByRole('button', { name: 'Add targets' }).click();
  await expect(page).toHaveURL(new RegExp(`/groups/${group}$`));
}

/** The row of a target in the table that is open. */
export function row(page: Page, target: string): Locator {
  return page.locator('tr[data-row]').filter({ has: page.getByRole('link', { name: target, exact: true }) });
}

/** Waits until the page hears the server. */
export async function isLive(page: Page): Promise<void> {
  await expect(page.getByTestId('live')).toHaveText(/^(Live|실시간)/);
}

/** Milliseconds from the act to the moment when the row of the target shows the status, as the page itself saw it. */
export async function timeTo(page: Page, target: string, status: string, act: () => Promise<void>): Promise<number> {
  const shown = page.evaluate(
    ([target, status]) =>
      new Promise<number>((resolve) => {
        const look = (): void => {
          const rows = [...document.querySelectorAll('tr[data-row]')];
          const row = rows.find((row) => row.querySelector('a.name')?.textContent === target);
          if (row?.querySelector('.status')?.textContent?.startsWith(status!)) {
            observer.disconnect();
            resolve(Date.now());
          }
        };
        const observer = new MutationObserver(look);
        observer.observe(document.body, { subtree: true, childList: true, characterData: true });
        look();
      }),
    [target, status],
  );
  const begun = Date.now();
  await act();
  return (await shown) - begun;
}

/** Opens the fold that the field is in, as a person would. */
async function unfold(field: Locator): Promise<void> {
  const fold = field.locator('xpath=ancestor::details[not(@open)]');
  if ((await fold.count()) > 0) await fold.locator('summary').click();
}
