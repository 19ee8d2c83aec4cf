/** General categories and PCRE's own properties, spelled exactly. Every version of PCRE knows them. */
const CATEGORY = /^(?:C[cfnos]?|L[&lmotu]?|M[cen]?|N[dlo]?|P[cdefios]?|S[ckmo]?|Z[lps]?|Any|X(?:an|ps|sp|uc|wd))$/

/** Names of scripts and their abbreviations in Unicode 14, which PCRE2 10.42 has. */
const SCRIPTS = [
  'Adlam Adlm Aghb Ahom Anatolian_Hieroglyphs Arab Arabic Armenian Armi Armn Avestan Avst Bali Balinese Bamu Bamum Bass Bassa_Vah',
  'Batak Batk Beng Bengali Bhaiksuki Bhks Bopo Bopomofo Brah Brahmi Brai Braille Bugi Buginese Buhd Buhid Cakm Canadian_Aboriginal',
  'Cans Cari Carian Caucasian_Albanian Chakma Cham Cher Cherokee Chorasmian Chrs Common Copt Coptic Cpmn Cprt Cuneiform Cypriot',
  'Cypro_Minoan Cyrillic Cyrl Deseret Deva Devanagari Diak Dives_Akuru Dogr Dogra Dsrt Dupl Duployan Egyp Egyptian_Hieroglyphs',
  'Elba Elbasan Elym Elymaic Ethi Ethiopic Geor Georgian Glag Glagolitic Gong Gonm Goth Gothic Gran Grantha Greek Grek Gujarati',
  'Gujr Gunjala_Gondi Gurmukhi Guru Han Hang Hangul Hani Hanifi_Rohingya Hano Hanunoo Hatr Hatran Hebr Hebrew Hira Hiragana Hluw',
  'Hmng Hmnp Hung Imperial_Aramaic Inherited Inscriptional_Pahlavi Inscriptional_Parthian Ital Java Javanese Kaithi Kali Kana',
  'Kannada Katakana Kayah_Li Khar Kharoshthi Khitan_Small_Script Khmer Khmr Khoj Khojki Khudawadi Kits Knda Kthi Lana Lao Laoo',
  'Latin Latn Lepc Lepcha Limb Limbu Lina Linb Linear_A Linear_B Lisu Lyci Lycian Lydi Lydian Mahajani Mahj Maka Makasar Malayalam',
  'Mand Mandaic Mani Manichaean Marc Marchen Masaram_Gondi Medefaidrin Medf Meetei_Mayek Mend Mende_Kikakui Merc Mero',
  'Meroitic_Cursive Meroitic_Hieroglyphs Miao Mlym Modi Mong Mongolian Mro Mroo Mtei Mult Multani Myanmar Mymr Nabataean Nand',
  'Nandinagari Narb Nbat New_Tai_Lue Newa Nko Nkoo Nshu Nushu Nyiakeng_Puachue_Hmong Ogam Ogham Ol_Chiki Olck Old_Hungarian',
  'Old_Italic Old_North_Arabian Old_Permic Old_Persian Old_Sogdian Old_South_Arabian Old_Turkic Old_Uyghur Oriya Orkh Orya Osage',
  'Osge Osma Osmanya Ougr Pahawh_Hmong Palm Palmyrene Pau_Cin_Hau Pauc Perm Phag Phags_Pa Phli Phlp Phnx Phoenician Plrd Prti',
  'Psalter_Pahlavi Rejang Rjng Rohg Runic Runr Samaritan Samr Sarb Saur Saurashtra Sgnw Sharada Shavian Shaw Shrd Sidd Siddham',
  'SignWriting Sind Sinh Sinhala Sogd Sogdian Sogo Sora Sora_Sompeng Soyo Soyombo Sund Sundanese Sylo Syloti_Nagri Syrc Syriac',
  'Tagalog Tagb Tagbanwa Tai_Le Tai_Tham Tai_Viet Takr Takri Tale Talu Tamil Taml Tang Tangsa Tangut Tavt Telu Telugu Tfng Tglg',
  'Thaa Thaana Thai Tibetan Tibt Tifinagh Tirh Tirhuta Tnsa Toto Ugar Ugaritic Unknown Vai Vaii Vith Vithkuqi Wancho Wara',
  'Warang_Citi Wcho Xpeo Xsux Yezi Yezidi Yi Yiii Zanabazar_Square Zanb Zinh Zyyy Zzzz',
]

/** Binary properties of PCRE2 10.42 and their abbreviations. */
const BINARY_PROPERTIES = [
  'ASCII ASCII_Hex_Digit AHex Alphabetic Alpha Bidi_Control Bidi_C Bidi_Mirrored Bidi_M Case_Ignorable CI Cased',
  'Changes_When_Casefolded CWCF Changes_When_Casemapped CWCM Changes_When_Lowercased CWL Changes_When_Titlecased CWT',
  'Changes_When_Uppercased CWU Dash Default_Ignorable_Code_Point DI Deprecated Dep Diacritic Dia Emoji Emoji_Component EComp',
  'Emoji_Modifier EMod Emoji_Modifier_Base EBase Emoji_Presentation EPres Extended_Pictographic ExtPict Extender Ext Grapheme_Base',
  'Gr_Base Grapheme_Extend Gr_Ext Grapheme_Link Gr_Link Hex_Digit Hex ID_Continue IDC ID_Start IDS IDS_Binary_Operator IDSB',
  'IDS_Trinary_Operator IDST Ideographic Ideo Join_Control Join_C Logical_Order_Exception LOE Lowercase Lower Math',
  'Noncharacter_Code_Point NChar Pattern_Syntax Pat_Syn Pattern_White_Space Pat_WS Prepended_Concatenation_Mark PCM Quotation_Mark',
  'QMark Radical Regional_Indicator RI Sentence_Terminal STerm Soft_Dotted SD Terminal_Punctuation Term Unified_Ideograph UIdeo',
  'Uppercase Upper Variation_Selector VS White_Space space XID_Continue XIDC XID_Start XIDS LC',
]

/** Names that versions after PCRE2 10.42 have, or may have. */
const LATER_NAMES = [
  'Kawi Nag_Mundari Nagm Garay Gara Gurung_Khema Gukh Kirat_Rai Krai Ol_Onal Onao Sunuwar Sunu Todhri Todr Tulu_Tigalari Tutg',
  'ID_Compat_Math_Continue ID_Compat_Math_Start IDS_Unary_Operator IDSU InCB Modifier_Combining_Mark MCM',
]

const scripts = wordsOf(SCRIPTS)
const exactScripts = new Set(
  SCRIPTS.flatMap((line) => line.split(' ')).filter((name) => name.length > 4 || name === 'Lao' || name === 'Han'),
)
const known = new Set([...scripts, ...wordsOf(BINARY_PROPERTIES)])
const later = wordsOf(LATER_NAMES)

function wordsOf(lines: readonly string[]): ReadonlySet<string> {
  return new Set(lines.flatMap((line) => line.split(' ')).map(normalized))
}

/** PCRE2 compares names without case, blanks, hyphens and underscores. */
function normalized(name: string): string {
  return name.toLowerCase().replaceAll(/[\s_-]/g, '')
}

/** Which PCRE knows a property: every one, PCRE2 only, perhaps a later one, or none. */
export function propertySupport(name: string): 'every' | 'pcre2' | 'perhaps' | 'none' {
  const own = name.replace(/^\^/, '')
  if (CATEGORY.test(own) || exactScripts.has(own)) return 'every'
  const word = normalized(own)
  if (known.has(word) || CATEGORY.test(word.charAt(0).toUpperCase() + word.slice(1))) return 'pcre2'
  if (later.has(word)) return 'perhaps'
  const [, property = '', value = ''] = /^(sc|script|scx|scriptextensions)[:=](.*)$/.exec(word) ?? []
  if (property !== '') return scripts.has(value) ? 'pcre2' : later.has(value) ? 'perhaps' : 'none'
  return /^(?:bc|bidiclass|bidi[a-z]+$)/.test(word) ? 'perhaps' : 'none'
}

const ASCII_MEMBERS: readonly (readonly [name: RegExp, members: string])[] = [
  [/^L(?:&|C)?$|^(?:Latin|Alphabetic)$/, 'a-zA-Z'],
  [/^(?:Lu|Uppercase)$/, 'A-Z'],
  [/^(?:Ll|Lowercase)$/, 'a-z'],
  [/^Nd?$/, '0-9'],
  [/^Xan$/, 'a-zA-Z0-9'],
  [/^Xwd$/, '\\w'],
  [/^(?:Xsp|Xps|White_Space)$/, ' \\t\\n\\v\\f\\r'],
  [/^Zs?$/, ' '],
  [/^P$/, '!-#%-*,-\\/:;?@\\[-\\]_{}'],
  [/^S$/, '$+<->\\^`|~'],
  [/^Cc?$/, '\\x00-\\x1f\\x7f'],
  [/^(?:Any|ASCII)$/, '\\x00-\\x7f'],
]

/** The ASCII members of a property as the inside of a JavaScript class; undefined when kong-ts does not know them. */
export function asciiMembers(name: string): string | undefined {
  return ASCII_MEMBERS.find(([pattern]) => pattern.test(name))?.[1]
}
