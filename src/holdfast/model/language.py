"""Language tags (BCP 47): `ru`, `zh-Hans`, `pt-BR`, read from what people, sites and file names write.

Not every two or three letters are a language: in `talk.part2.srt` nothing is, and calling `cut` or `new` one would
put a film on the wrong shelf. So only languages are known here that captions come in: the two-letter codes, their
three-letter twins (`rus`, `ger`, `deu`; they become the two-letter ones, as BCP 47 asks), and those three-letter codes
that video sites use for languages without a shorter one.

Source: ISO 639-1 and 639-2 as published by the Library of Congress, ISO 3166-1, RFC 5646 (sections 2.1 and 4.5).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_TWINS = """
aa=aar ab=abk ae=ave af=afr ak=aka am=amh an=arg ar=ara as=asm av=ava ay=aym az=aze ba=bak be=bel bg=bul bh=bih
bi=bis bm=bam bn=ben bo=tib,bod br=bre bs=bos ca=cat ce=che ch=cha co=cos cr=cre cs=cze,ces cu=chu cv=chv cy=wel,cym
da=dan de=ger,deu dv=div dz=dzo ee=ewe el=gre,ell en=eng eo=epo es=spa et=est eu=baq,eus fa=per,fas ff=ful fi=fin
fj=fij fo=fao fr=fre,fra fy=fry ga=gle gd=gla gl=glg gn=grn gu=guj gv=glv ha=hau he=heb hi=hin ho=hmo hr=hrv ht=hat
hu=hun hy=arm,hye hz=her ia=ina id=ind ie=ile ig=ibo ii=iii ik=ipk io=ido is=ice,isl it=ita iu=iku ja=jpn jv=jav
ka=geo,kat kg=kon ki=kik kj=kua kk=kaz kl=kal km=khm kn=kan ko=kor kr=kau ks=kas ku=kur kv=kom kw=cor ky=kir la=lat
lb=ltz lg=lug li=lim ln=lin lo=lao lt=lit lu=lub lv=lav mg=mlg mh=mah mi=mao,mri mk=mac,mkd ml=mal mn=mon mr=mar
ms=may,msa mt=mlt my=bur,mya na=nau nb=nob nd=nde ne=nep ng=ndo nl=dut,nld nn=nno no=nor nr=nbl nv=nav ny=nya oc=oci
oj=oji om=orm or=ori os=oss pa=pan pi=pli pl=pol ps=pus pt=por qu=que rm=roh rn=run ro=rum,ron ru=rus rw=kin sa=san
sc=srd sd=snd se=sme sg=sag sh=hbs si=sin sk=slo,slk sl=slv sm=smo sn=sna so=som sq=alb,sqi sr=srp ss=ssw st=sot
su=sun sv=swe sw=swa ta=tam te=tel tg=tgk th=tha ti=tir tk=tuk tl=tgl tn=tsn to=ton tr=tur ts=tso tt=tat tw=twi
ty=tah ug=uig uk=ukr ur=urd uz=uzb ve=ven vi=vie vo=vol wa=wln wo=wol xh=xho yi=yid yo=yor za=zha zh=chi,zho zu=zul
"""
# Spelled otherwise in older systems, some of which still write captions today; `cmn` is what `zh` nearly always means.
_OLD_SPELLINGS = {"iw": "he", "ji": "yi", "jw": "jv", "cmn": "zh"}
_LONGER = """
ast bho ceb chm chr ckb crh csb doi dsb fil frr fur gom gsw hak haw hmn hsb ilo kab kok kri krl lij lmo ltg lus mai
mdf mhr mni mrj mul myv nan nds nqo nso pap rue sah scn sco sgn szl tet tlh tpi tyv udm und vec vep vro wuu xal yue zxx
"""
_REGIONS = """
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC
CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD
GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH
KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW
MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC
SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY
UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW
"""
_SCRIPTS = """
Arab Armn Beng Cans Cher Cyrl Deva Ethi Geor Grek Gujr Guru Hang Hani Hans Hant Hebr Jpan Khmr Knda Kore Laoo Latn
Mlym Mong Mymr Nkoo Orya Sinh Syrc Taml Telu Tfng Thaa Thai Tibt
"""
_WELL_FORMED = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")
# Video sites mark their captions further: by the word `orig`, or by eleven characters that are different each time.
_MARK = re.compile(r"orig|(?=.*[A-Z0-9_-])[A-Za-z0-9_-]{11}")


def _known() -> dict[str, str]:
    known = _OLD_SPELLINGS | {code: code for code in _LONGER.split()}
    for entry in _TWINS.split():
        short, _, twins = entry.partition("=")
        known |= dict.fromkeys((short, *twins.split(",")), short)
    return known


_KNOWN = _known()
_KNOWN_SCRIPTS = frozenset(_SCRIPTS.split())
_KNOWN_REGIONS = frozenset(_REGIONS.split())


def language_tag(text: str) -> str:
    """The language that `text` names, as a BCP 47 tag in its usual spelling; "" if it names none.

    `RU` and `rus` are `ru`, `zh_hans` is `zh-Hans`, `pt-br` is `pt-BR`. What video sites add is left out: `en-orig` is
    `en`, and so are `en-en-US` (translated from) and `en-nP7-2PuUl7o`. A word after the language that is none of
    this shows that it was not one: `no-audio` is no language.
    """
    if len(text) > 40:
        return ""
    parts = re.split("[-_]", text)
    head = parts[0]
    language = _KNOWN.get(head.lower(), "") if head.islower() or head.isupper() else ""  # `It` and `No` begin titles
    if not language:
        return ""
    tag, used = [language], 1
    if len(parts) > used and parts[used].title() in _KNOWN_SCRIPTS:
        tag.append(parts[used].title())
        used += 1
    if len(parts) > used and (parts[used].upper() in _KNOWN_REGIONS or re.fullmatch("[0-9]{3}", parts[used])):
        tag.append(parts[used].upper())
        used += 1
    rest = text[len("-".join(parts[:used])) + 1 :]
    return "-".join(tag) if used == len(parts) or _MARK.fullmatch(rest) or language_tag(rest) else ""


def primary(tag: str) -> str:
    """The language itself, without script and region: `zh` of `zh-Hans`."""
    return tag.split("-", 1)[0].lower()


def rank(tag: str, languages: Sequence[str]) -> int:
    """How early something in a language stands for somebody who reads these: 0 for the first, the most for none."""
    read = [primary(one) for one in languages]
    return read.index(primary(tag)) if primary(tag) in read else len(read)


def is_well_formed(tag: str) -> bool:
    """Whether `tag` has the form of a BCP 47 tag, be the language known here or not."""
    return len(tag) <= 40 and _WELL_FORMED.fullmatch(tag) is not None
