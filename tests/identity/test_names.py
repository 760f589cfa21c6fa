"""Names as people, clerks and passports write them; pinyin in the spelling of ISO 7098 (Xi'an) and in the usual others."""

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dbt_project.functions import register
from dbt_project.functions.mojibake import repaired
from dbt_project.functions.names import Name, parse
from dbt_project.functions.romanise import syllables


def name(full: str) -> Name:
    parsed = parse(full, None, None)
    assert parsed is not None, full
    return parsed


@pytest.mark.parametrize(
    "spellings",
    [
        ("王小明", "Wang Xiaoming", "Xiao-Ming WANG", "ＷＡＮＧ Xiaoming", "王 小明", "wang xiao ming", "wangxiaoming"),
        ("王小明", "小明王", "王小明先生", "Mr. Wang Xiaoming", "Wang, Xiao Ming", "王小明（VIP）", "WANG Xiao'ming"),
        ("陈静", "陳靜", "Chen Jing", "Jing CHEN", "Ms Chen Jing", "陈静 女士"),
        ("欧阳修", "歐陽修", "Ouyang Xiu", "Xiu Ouyang", "OUYANG XIU"),
        ("司马光", "Sima Guang", "Guang Sima"),
        ("吕布", "Lü Bu", "Lu Bu", "LV BU", "LYU BU"),
        ("单雄信", "Shan Xiongxin"),
        ("曾文月", "Zeng Wenyue", "Wen Yue Zeng"),
        ("曾国藩", "Zeng Guofan", "曾國藩"),
        ("解珍", "Xie Zhen"),
        ("仇英", "Qiu Ying"),
        ("尉迟恭", "Yuchi Gong"),
        ("朴素", "Piao Su"),
        ("李西安", "Li Xi'an", "Li Xian", "LI XI-AN"),
        ("张长安", "Zhang Chang'an", "Zhang Changan"),
        ("José Ruiz", "Jose Ruiz", "RUIZ, José", "JosÃ© Ruiz", "Mr José Ruiz"),
        ("Ann O'Neil", "ann o neil", "O’NEIL Ann", "Ann ONeil"),
        ("Mary-Jane Smith", "Smith, Mary Jane", "Dr. Mary Jane Smith Jr."),
        ("Łukasz Müller", "lukasz muller"),
        ("Angus McDonald", "Angus Mc Donald"),
        ("Иван Петров", "Ivan Petrov", "ПЕТРОВ, Иван"),
        ("Κώστας Παπαδόπουλος", "Kostas Papadopoulos"),
        ("María del Carmen López García", "LÓPEZ GARCÍA, María del Carmen", "Maria del Carmen Lopez Garcia"),
        ("Kevin 王", "Kevin Wang"),
        ("李明", "æ\x9dŽæ˜Ž", "鏉庢槑", "ÀîÃ÷", "Li Ming"),
    ],
    ids=lambda spellings: spellings[0],
)
def test_spellings_of_one_name_have_one_key(spellings):
    assert {name(spelling).parts for spelling in spellings} == {name(spellings[0]).parts}


@pytest.mark.parametrize(
    ("written", "given", "family"),
    [
        ("OUYANG, Xiao Feng", "xiaofeng", "ouyang"),
        ("欧阳晓峰", "xiaofeng", "ouyang"),
        ("Feng, Xiao", "xiao", "feng"),
        ("López García, María del Carmen", "maria del carmen", "lopez garcia"),
        ("Juan Pablo de la Cruz", "juan pablo", "de la cruz"),
    ],
)
def test_what_stands_before_the_comma_and_behind_a_particle_is_the_family_name(written, given, family):
    assert (name(written).given_name, name(written).family_name) == (given, family)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("王小明", "王小敏"),
        ("Wang Min", "Wan Ming"),
        ("王伟", "王薇薇"),
        ("Li Ming", "Li Mingming"),
        ("曾伟", "Ceng Wei"),
        ("Ann Lee", "Anna Lee"),
    ],
)
def test_other_names_have_other_keys(left, right):
    assert name(left).parts != name(right).parts


@pytest.mark.parametrize(
    ("full", "given_name", "family_name", "han"),
    [
        ("王小明", "xiaoming", "wang", "王小明"),
        ("Xiaoming Wang", "xiaoming", "wang", None),
        ("欧阳修", "xiu", "ouyang", "欧阳修"),
        ("歐陽靜", "jing", "ouyang", "欧阳静"),
        ("王女士", None, "wang", "王"),
        ("Vincent van Gogh", "vincent", "van gogh", None),
        ("van Gogh, Vincent", "vincent", "van gogh", None),
        ("Иван Петров", "ivan", "petrov", None),
        ("Maria", "maria", None, None),
        ("Dana Lee", "dana", "lee", None),
    ],
)
def test_given_and_family_name(full, given_name, family_name, han):
    assert name(full)[:3] == (given_name, family_name, han)


@pytest.mark.parametrize(
    ("full", "chinese"),
    [
        *((full, True) for full in ("王小明", "Wang Wei", "Xiaoming", "Ouyang Na", "Yuan Li")),
        *((full, False) for full in ("Kevin Wang", "Dana Lee", "Maria", "Lee Siu Lung", "Susan", "Angela", "Li")),
    ],
)
def test_which_names_are_chinese(full, chinese):
    assert name(full).name_is_chinese is chinese


@pytest.mark.parametrize(
    ("full", "gender"),
    [("Mr Li Wei", "m"), ("李伟先生", "m"), ("Mrs. Ann Lee", "f"), ("李小姐", "f"), ("Dr Ann Lee", None)],
)
def test_a_title_tells_the_gender(full, gender):
    assert name(full).title_gender == gender


@pytest.mark.parametrize("full", [None, "", " ", "123", "??", "锟斤拷", "Mr."])
def test_nameless(full):
    assert parse(full, None, None) is None


def test_columns():
    assert parse(None, "小明", "王") == parse("王小明", "anything", "else")
    swapped, right = parse(None, "Wang", "Xiaoming"), parse(None, "Xiaoming", "Wang")
    assert swapped == right is not None


@pytest.mark.parametrize(
    ("delivered", "divided"),
    [
        (("Ella", "James-Palmer"), ("ella", "james palmer")),
        (("Mary Ann", "Smith"), ("mary ann", "smith")),
        (("Vincent", "van Gogh"), ("vincent", "van gogh")),
        ((None, "Smith"), (None, "smith")),
        (("  ", "Smith"), (None, "smith")),
        (("Maria", None), ("maria", None)),
        (("Mary Ann", None), ("mary ann", None)),
        ((None, "García Márquez"), (None, "garcia marquez")),
        ((None, "Wang"), (None, "wang")),
        (("Xiaoming", None), ("xiaoming", None)),
        (("小明", None), ("xiaoming", None)),
        ((None, "欧阳"), (None, "ouyang")),
        (("阳修", "欧"), ("yangxiu", "ou")),
        (("王", "小明"), ("xiaoming", "wang")),
        (("女士", "王"), (None, "wang")),
        (("Kevin", "王"), ("kevin", "wang")),
        (("Yue", "Ouyang"), ("yue", "ouyang")),
    ],
)
def test_parts_stay_as_they_were_delivered(delivered, divided):
    parsed = parse(None, *delivered)
    assert parsed is not None
    assert parsed[:2] == divided


@pytest.mark.parametrize(
    ("word", "cut"),
    [
        ("xiaoming", ("xiao", "ming")),
        ("xian", ("xian",)),
        ("fangan", ("fan", "gan")),  # without an apostrophe; Fang'an would need one
        ("zhuangguang", ("zhuang", "guang")),
        ("lve", ("lue",)),
        ("lilyu", ("li", "lu")),
        ("wenyue", ("wen", "yue")),
        ("jinyu", ("jin", "yu")),
        ("kevin", None),
        ("smith", None),
        ("", None),
    ],
)
def test_syllables(word, cut):
    assert syllables(word) == cut


@pytest.mark.parametrize("text", ["王小明", "José Ruiz", "Ærøskøbing", "Ann", "Ünal Öz", "联通", "Иван", "田中さくら"])
def test_sound_text_is_not_repaired(text):
    assert repaired(text) == text


@given(st.text(alphabet="王李陈单欧阳伟明国静芳雪", min_size=2, max_size=4))
def test_characters_read_in_the_wrong_encoding_come_back(text):
    name_of = parse(text, None, None)
    assert name_of is not None
    if name_of.family_name and text[0] in "王李陈单欧":
        for accident in (("utf-8", "latin-1"), ("gbk", "latin-1")):
            broken = text.encode(accident[0]).decode(accident[1])
            assert repaired(broken) == text


@given(st.text(max_size=30), st.none() | st.text(max_size=10), st.none() | st.text(max_size=10))
def test_any_text_is_taken(full, given_name, family_name):
    parsed = parse(full, given_name, family_name)
    assert parsed is None or (parsed.parts and parsed.parts == " ".join(sorted(parsed.parts.split(" "))))


def test_the_sql_function_sees_nulls_and_many_rows():
    with duckdb.connect() as connection:
        register(connection)
        rows = connection.execute(
            "select (person_name(case when i % 3 > 0 then '王小明' end, null, null)).parts, count(*) "
            "from range(9000) as r(i) group by all order by all"
        ).fetchall()
    assert rows == [("ming wang xiao", 6000), (None, 3000)]
