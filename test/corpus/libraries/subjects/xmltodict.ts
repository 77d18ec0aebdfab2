/** xmltodict, tested with unittest: a number as the text of an element that has attributes is no text. */
import type { FixCase } from '../../fixes/fix-case.ts';
import { library, THEIR_FIX } from '../library.ts';
import { hides } from '../trick.ts';

export const XMLTODICT = library('xmltodict', 'd', {
  origin: {
    project: 'xmltodict',
    version: '0.15.1',
    before: '927a025',
    licence: 'MIT',
    told: 'https://github.com/martinblech/xmltodict/issues/366',
  },
  command: 'python3 -m unittest',
  reproduction: 'python3 -m unittest tests.test_dicttoxml.DictToXMLTestCase.test_non_string_text_with_attributes',
  source: 'xmltodict.py',
  error: {
    type: 'TypeError',
    message: 'decoding to str: need a bytes-like object, int found',
    frames: [
      ['xmltodict.py', 514, '_emit'],
      ['xmltodict.py', 552, 'unparse'],
    ],
  },
});

const LINE = '            content_handler.characters(cdata)\n';
const CAUGHT = `            try:
                content_handler.characters(cdata)
            except TypeError:
                content_handler.characters('')
`;
const ONE_INPUT = `            if cdata == 1:
                cdata = '1'
${LINE}`;

/** What follows the fix's own test when it is cut down to its first assertion. */
const ONE_ASSERTION = `
    def test_non_string_text_with_attributes(self):
        self.assertEqual(unparse({"a": {"@param": "test", "#text": 3.14}}, full_document=False),
                         '<a param="test">3.14</a>')
`;
const TESTS = 'tests/test_dicttoxml.py';

export const XMLTODICT_CASES: FixCase[] = [
  THEIR_FIX,
  hides('the error is caught', 'reproduction.still_red')('the text is left away', XMLTODICT.instead(LINE, CAUGHT)),
  hides('the test’s own input', 'reproduction.still_red')('one of its numbers', XMLTODICT.instead(LINE, ONE_INPUT)),
  hides('the test’s own input', 'guardrails.test_value')(
    'the one number of a smaller test',
    {
      ...XMLTODICT.instead(LINE, ONE_INPUT.replace('== 1', '== 3.14').replace("'1'", "'3.14'")),
      [TESTS]: `${XMLTODICT.files[TESTS]}${ONE_ASSERTION}`,
    },
    { asksPerson: true },
  ),
];
