import { describe, expect, it } from 'vitest';
import { detailPairs } from './details';

describe('the details of an audit entry', () => {
  it('are names and values, without what is empty', () => {
    expect(detailPairs({ from: null, legs: 28, name: '古城', note: '', hidden: false })).toEqual([['legs', '28'], ['name', '古城'], ['hidden', 'false']]);
  });

  it('join what is nested by dots and list what is many', () => {
    expect(detailPairs({ outcomes: { arrestCases: 1 }, ids: ['1', '2'], legs: [{ to: 3 }], none: [] })).toEqual([['outcomes.arrestCases', '1'], ['ids', '1, 2'], ['legs.0.to', '3']]);
  });

  it('are nothing where there are none', () => {
    expect(detailPairs(null)).toEqual([]);
    expect(detailPairs('as it is')).toEqual([['', 'as it is']]);
  });
});
