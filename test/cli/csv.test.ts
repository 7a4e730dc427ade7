import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Api, apiAt } from '../../functions/cli/csv/api.ts';
import { exportProfiles } from '../../functions/cli/csv/export.ts';
import { importProfiles } from '../../functions/cli/csv/import.ts';
import { runCsv } from '../../functions/cli/csv/index.ts';
import { UsageError } from '../../functions/cli/usage-error.ts';
import { seeded } from '../../functions/local/seed.ts';
import { type Listening, listen } from '../../functions/local/server.ts';
import { createSystem } from '../../functions/local/system.ts';
import { millrace } from '../support/child.ts';

let local: Listening;
let api: Api;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-csv-'));
});
beforeEach(async () => {
  local = await listen(0, (publicUrl) => createSystem({ publicUrl, real: true }));
  api = apiAt(local.url, seeded.key);
  return () => local.close();
});
afterAll(() => rm(folder, { recursive: true }));

let files = 0;
async function csv(text: string | Buffer): Promise<string> {
  files += 1;
  const file = join(folder, `people-${files}.csv`);
  await writeFile(file, text);
  return file;
}

const silent = { progress: () => undefined, renamed: new Map<string, string>() };
const importFile = (file: string, more: Partial<Parameters<typeof importProfiles>[1]> = {}, by = api) =>
  importProfiles(by, { file, url: local.url, ...silent, ...more });
const rejectedOf = (file: string) => readFile(file.replace(/csv$/, 'rejected.csv'), 'utf8');

async function person(email: string): Promise<Record<string, unknown> | undefined> {
  const filter = encodeURIComponent(`equals(email,"${email}")`);
  const { data } = await api.call<{ attributes: Record<string, unknown> }[]>('GET', `/api/profiles?filter=${filter}`);
  return data[0]?.attributes;
}

describe('millrace import', () => {
  it('takes columns for fields by their names, others for properties, and values for what they are', async () => {
    const file = await csv(
      '\uFEFFEmail,First Name,City,latitude,visits,vip,zip_extra,tags,Surname\r\n' +
        'ana@example.org,Ana,"Boston, MA",42.36,3,true,007,"[""a"",""b""]",Berg\r\n' +
        'bo@example.org,,,,,,,,\r\n',
    );
    expect(await importFile(file, { renamed: new Map([['Surname', 'last_name']]) })).toBe('2 of 2 rows are imported.');
    expect(await person('ana@example.org')).toMatchObject({
      first_name: 'Ana',
      last_name: 'Berg',
      location: { city: 'Boston, MA', latitude: 42.36 },
      properties: { visits: 3, vip: true, zip_extra: '007', tags: ['a', 'b'] },
    });
    expect(await person('bo@example.org')).toMatchObject({ first_name: null, properties: {} });
    expect((await readdir(folder)).filter((name) => /state|rejected/.test(name))).toEqual([]);
  });

  it('puts everyone on the list, which it makes when there is none', async () => {
    const file = await csv('email\na@example.org\nb@example.org\n');
    await importFile(file, { list: 'Old "customers"' });
    await importFile(await csv('email\nc@example.org\n'), { list: 'Old "customers"' });
    const target = join(folder, 'list.csv');
    await exportProfiles(api, { file: target, list: 'Old "customers"', ...silent });
    expect((await readFile(target, 'utf8')).match(/[abc]@example.org/g)).toEqual(
      ['a', 'b', 'c'].map((name) => `${name}@example.org`),
    );
  });

  it('writes rejected rows and their reasons to a file that can be mended and imported', async () => {
    const file = await csv(
      [
        'email,note',
        'fine@example.org,"x"',
        'no address,"=1+1"',
        'short@example.org',
        'long@example.org,a,b',
        `big@example.org,${'x'.repeat(1_000_000)}`,
        ',nobody',
        '',
      ].join('\n'),
    );
    expect(await importFile(file)).toContain('1 of 6 rows are imported. 5 rows were rejected');
    const lines = (await rejectedOf(file)).split('\n');
    expect(lines[0]).toBe('email,note,rejected_because');
    expect(lines[1]).toContain("no address,'=1+1,The email must be a valid email address");
    expect(lines[2]).toBe('short@example.org,"The row has 1 cells, the first line has 2."');
    expect(lines[3]).toBe('long@example.org,a,b,"The row has 3 cells, the first line has 2."');
    expect(lines[4]).toMatch(/A profile may have 100 KB\.$/);
    expect(lines[5]).toMatch(/^,nobody,"Give at least one of id, email/);
    const mended = await csv("email,note,rejected_because\nnow@example.org,'=1+1,because\n");
    expect(await importFile(mended)).toBe('1 of 1 rows are imported.');
    expect(await person('now@example.org')).toMatchObject({ properties: { note: '=1+1' } });
  });

  it.each([
    ['', /is empty/],
    ['email,a,a\n', /Columns 2 and 3 both hold a/],
    ['email,E-Mail,Email\n', /Columns 1 and 3 both hold Email/],
    ['email,\n', /Column 2 has no name/],
    ['email,a\na@example.org,"never closed\n', /cannot be read/],
    ['email,a\na@example.org,b"c\n', /cannot be read/],
  ])('refuses the file %j before anything is sent', async (text, reason) => {
    const refused = importFile(await csv(text));
    await expect(refused).rejects.toThrow(UsageError);
    await expect(refused).rejects.toThrow(reason);
    expect(await person('a@example.org')).toBeUndefined();
  });

  it('says when the file has no rows, or is not there', async () => {
    expect(await importFile(await csv('email,first_name\n'))).toBe('0 of 0 rows are imported.');
    await expect(importFile(join(folder, 'nowhere.csv'))).rejects.toThrow(/cannot be read: ENOENT/);
  });

  /** The API, until so many of its calls have happened. */
  function mortal(calls: number): Api {
    let left = calls;
    const dies = <A extends unknown[], R>(call: (...args: A) => Promise<R>) => {
      return async (...args: A): Promise<R> => {
        left -= 1;
        if (left < 0) throw new Error('The connection broke.');
        const answer = await call(...args);
        if (left === 0) throw new Error('The connection broke.');
        return answer;
      };
    };
    return { call: dies(api.call) as Api['call'], find: dies(api.find) as Api['find'] };
  }

  it('goes on where it was interrupted, wherever that was, without rejecting or importing anything twice', async () => {
    const rows = Array.from({ length: 120 }, (_, i) => (i % 40 === 7 ? `nobody ${i},1` : `p${i}@example.org,1`));
    const file = await csv(['email,note', ...rows].join('\n'));
    let interruptions = 0;
    let told = '';
    // Each life makes one call more than the one before.
    while (told === '') {
      interruptions += 1;
      try {
        told = await importFile(file, { rowsPerJob: 40 }, mortal(interruptions));
      } catch (error) {
        expect(String(error)).toContain('The connection broke.');
      }
    }
    expect(interruptions).toBeGreaterThan(3);
    expect(told).toContain('117 of 120 rows are imported. 3 rows were rejected');
    expect((await rejectedOf(file)).match(/nobody \d+/g)).toEqual(['nobody 7', 'nobody 47', 'nobody 87']);
    const target = join(folder, 'all.csv');
    expect(await exportProfiles(api, { file: target, ...silent })).toContain('117 profiles');
  });

  it('does not go on with another file', async () => {
    const file = await csv('email\na@example.org\n');
    await expect(importFile(file, {}, mortal(2))).rejects.toThrow('broke');
    await writeFile(file, 'email\nb@example.org\n');
    await expect(importFile(file)).rejects.toThrow(/interrupted/);
  });
});

describe('millrace export', () => {
  it('writes what import reads: fields, places, properties of any name, cells that look like formulas', async () => {
    const profiles = [
      {
        type: 'profile',
        attributes: {
          email: 'all@example.org',
          phone_number: '+14155552671',
          external_id: '=cmd()',
          first_name: "'=quoted",
          location: { city: '@home', latitude: '42.36', longitude: -71.05 },
          properties: {
            email: 'shadow',
            '=f': 1,
            text: '3',
            nothing: null,
            list: [1, 'a'],
            ' spaced ': '\ttab',
            'First Name': 'x',
          },
        },
      },
      { type: 'profile', attributes: { email: 'plain@example.org', properties: { text: '' } } },
    ];
    const body = { data: { type: 'profile-bulk-import-job', attributes: { profiles: { data: profiles } } } };
    await api.call('POST', '/api/profile-bulk-import-jobs', body);
    await local.system.world.settle();
    const file = join(folder, 'there.csv');
    expect(await exportProfiles(api, { file, ...silent })).toBe(`2 profiles are in ${file}.`);
    for (const line of (await readFile(file, 'utf8')).split('\n')) {
      for (const cell of line.split(',')) expect(cell).not.toMatch(/^"?[=+\-@\t\r]/);
    }
    const before = [await person('all@example.org'), await person('plain@example.org')];
    const other = await listen(0, (publicUrl) => createSystem({ publicUrl, real: true }));
    try {
      api = apiAt(other.url, seeded.key);
      expect(await importFile(file, { url: other.url })).toBe('2 of 2 rows are imported.');
      const times = { created: expect.any(String) as string, updated: expect.any(String) as string };
      const after = [await person('all@example.org'), await person('plain@example.org')];
      expect(after).toEqual(before.map((one) => ({ ...one, ...times })));
    } finally {
      await other.close();
    }
  });

  it('refuses a list that is not there, and a list and a segment at once', async () => {
    const file = join(folder, 'none.csv');
    await expect(exportProfiles(api, { file, list: 'None', ...silent })).rejects.toThrow('no list called "None"');
    await expect(exportProfiles(api, { file, list: 'a', segment: 'b', ...silent })).rejects.toThrow('not both');
  });
});

describe('npx millrace import and export', () => {
  it('work as programs, with url and key from the environment', async () => {
    const file = await csv('email,first_name\ncli@example.org,Ana\nnobody,Bo\n');
    const env = { MILLRACE_URL: local.url, MILLRACE_KEY: seeded.key };
    const { code, out, err } = await millrace(['import', file, '--list', 'Cli'], env);
    expect({ code, out }).toMatchObject({
      code: 0,
      out: expect.stringContaining('1 of 2 rows are imported.') as string,
    });
    expect(err).toBe('2 of 2 rows, 1 rejected\n');
    const target = join(folder, 'cli.csv');
    expect(await millrace(['export', target, '--list', 'Cli'], env)).toMatchObject({ code: 0 });
    expect(await readFile(target, 'utf8')).toContain('cli@example.org');
  });

  it.each([
    [['import'], /Name one file/],
    [['import', 'a.csv', '--map', 'email'], /COLUMN=FIELD/],
    [['export', 'a.csv', '--url', 'https://millrace.example'], /--key/],
    [['import', 'a.csv', '--colour', 'red'], /Unknown option '--colour'/],
  ])('say what is wrong with %j', async (args, reason) => {
    const refused = runCsv(args, { env: {}, progress: () => undefined });
    await expect(refused).rejects.toThrow(UsageError);
    await expect(refused).rejects.toThrow(reason);
  });

  it('say that a key is refused', async () => {
    const refused = runCsv(['export', 'a.csv', '--url', local.url, '--key', 'pk_wrong'], {
      env: {},
      progress: () => undefined,
    });
    await expect(refused).rejects.toThrow(UsageError);
  });
});

describe('millrace export-flow and import-flow', () => {
  it('write a flow to a file and make one of it', async () => {
    const known = { env: { MILLRACE_KEY: seeded.key }, progress: () => undefined };
    const at = ['--url', local.url];
    const list = { data: { type: 'list', attributes: { name: 'Joined' } } };
    const { data } = await api.call<{ id: string }>('POST', '/api/lists', list);
    const definition = { triggers: [{ type: 'list', id: data.id }], actions: [], entry_action_id: null };
    await api.call('POST', '/api/flows', { data: { type: 'flow', attributes: { name: 'Orders', definition } } });
    const file = join(folder, 'orders.json');
    expect(await runCsv(['export-flow', file, '--flow', 'Orders', ...at], known)).toBe(
      `The flow "Orders" is in ${file}.`,
    );
    expect(await runCsv(['import-flow', file, ...at], known)).toMatch(
      /^The flow "Orders" is there, as a draft: \w{6}\.$/,
    );
    await expect(runCsv(['export-flow', file, '--flow', 'Orders', ...at], known)).rejects.toThrow('More than one flow');
    await expect(runCsv(['export-flow', file, '--flow', 'None', ...at], known)).rejects.toThrow('There is no flow');
    await expect(runCsv(['export-flow', file, ...at], known)).rejects.toThrow('--flow names the flow.');
    await writeFile(file, 'no JSON');
    await expect(runCsv(['import-flow', file, ...at], known)).rejects.toThrow('is no JSON file');
  });
});

describe('millrace import --suppress', () => {
  const run = (...args: string[]) =>
    runCsv(['import', ...args, '--url', local.url, '--key', seeded.key], { env: {}, progress: () => undefined });
  const suppressed = async (email: string) => {
    const filter = encodeURIComponent(`equals(email,"${email}")`);
    const { data } = await api.call<
      { attributes: { subscriptions: { email: { marketing: { suppression: object[] } } } } }[]
    >('GET', `/api/profiles?filter=${filter}&additional-fields[profile]=subscriptions`);
    return data.map(({ attributes }) => attributes.subscriptions.email.marketing.suppression);
  };

  it('suppresses addresses before anybody has them, and tells which rows have none', async () => {
    const many = Array.from({ length: 150 }, (_, n) => `x,s${n}@example.org`);
    const file = await csv(['Reason,Address', 'x,S-known@Example.org', 'x,nobody', ...many, ''].join('\n'));
    await importFile(await csv('email\ns-known@example.org\n'));
    const told = await run(file, '--suppress', '--map', 'Address=email');
    expect(told).toMatch(/^151 of 152 addresses are being suppressed\. 1 rows were rejected/);
    expect(await rejectedOf(file)).toBe('Reason,Address,rejected_because\nx,nobody,This is no email address.\n');
    await expect.poll(() => suppressed('s-known@example.org')).toMatchObject([[{ reason: 'USER_SUPPRESSED' }]]);
    expect(await suppressed('s149@example.org')).toEqual([]);
    await expect
      .poll(async () => {
        const { data } = await api.call<{ attributes: { status: string } }[]>(
          'GET',
          '/api/profile-suppression-bulk-create-jobs',
        );
        return data.map(({ attributes }) => attributes.status);
      })
      .toEqual(['complete', 'complete']);
    await importFile(await csv('email\ns149@example.org\n'));
    expect(await suppressed('s149@example.org')).toMatchObject([[{ reason: 'USER_SUPPRESSED' }]]);
  });

  it('is refused for an export, with a list, and without a column of addresses', async () => {
    const file = await csv('Name\nAna\n');
    await expect(run(file, '--suppress')).rejects.toThrow('no column email');
    await expect(run(file, '--suppress', '--list', 'News')).rejects.toThrow('no --list');
    const exporting = runCsv(['export', file, '--suppress'], { env: {}, progress: () => undefined });
    await expect(exporting).rejects.toThrow('goes with import');
  });
});
