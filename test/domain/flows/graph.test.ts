import { describe, expect, test } from 'vitest';
import { ApiError } from '../../../shared/kernel/errors.ts';
import type { Action } from '../../../shared/domain/flows/definition.ts';
import { actsFrom, checkGraph, reachable } from '../../../shared/domain/flows/graph.ts';
import { definition, delay, email, split } from './building.ts';

const pointerOf = (actions: Action[], entry = actions[0]?.id ?? null): string | undefined => {
  try {
    checkGraph(definition(actions, { entry_action_id: entry }), '/definition');
    return undefined;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return error.faults[0].source?.pointer;
  }
};

describe('the graph of a flow', () => {
  test('may branch and join again', () => {
    expect(pointerOf([split('a', 'b', 'c', null), email('b', 'd'), delay('c', 'd'), email('d', null)])).toBeUndefined();
  });

  test('may be empty', () => {
    expect(pointerOf([])).toBeUndefined();
  });

  test('must begin with one of its actions', () => {
    expect(pointerOf([email('a', null)], 'x')).toBe('/definition/entry_action_id');
    expect(pointerOf([email('a', null)], null)).toBe('/definition/entry_action_id');
  });

  test('must not lead to an action that is not there', () => {
    expect(pointerOf([delay('a', 'b'), email('b', 'c')])).toBe('/definition/actions/1/links');
    expect(pointerOf([split('a', null, 'x', null)])).toBe('/definition/actions/0/links');
  });

  test('must lead to each of its actions', () => {
    expect(pointerOf([email('a', null), email('b', null)])).toBe('/definition/actions/1');
  });

  test('must not lead in a circle', () => {
    expect(pointerOf([delay('a', 'b'), split('b', 'a', null, null)])).toBe('/definition/actions');
    expect(pointerOf([email('a', 'a')])).toBe('/definition/actions');
  });

  test('names each action once', () => {
    expect(pointerOf([delay('a', 'a'), email('a', null)])).toBe('/definition/actions/1');
  });
});

test('what can be reached includes both branches of a split', () => {
  const flow = definition([split('a', 'b', 'c', null), email('b', null), email('c', 'd'), delay('d', null)]);
  expect(
    reachable(flow, 'a')
      .map(({ id }) => id)
      .sort(),
  ).toEqual(['a', 'b', 'c', 'd']);
  expect(reachable(flow, 'c').map(({ id }) => id)).toEqual(['c', 'd']);
});

test('drafts and disabled emails do nothing', () => {
  const flow = definition([email('a', 'b', 'draft'), email('b', 'c', 'disabled'), delay('c', null)]);
  expect(actsFrom(flow, 'a')).toBe(false);
  expect(actsFrom(definition([email('a', 'b', 'draft'), email('b', null, 'manual')]), 'a')).toBe(true);
});
