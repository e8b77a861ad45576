"""What a query may hold: clauses that read, operators, functions that only compute.

An allow-list, not a list of forbidden words: after a value only the words in `AFTER` may stand, so a clause nobody
here has heard of is refused like CREATE is.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


START = _words("MATCH OPTIONAL WITH UNWIND RETURN")
CLAUSES = START | _words("UNION ORDER SKIP LIMIT")
CASE = _words("WHEN THEN ELSE END")
SORT = _words("ASC ASCENDING DESC DESCENDING")
AFTER = CLAUSES | CASE | SORT | _words("WHERE AND OR XOR IN IS CONTAINS STARTS ENDS AS")
READS = "only MATCH, WHERE, WITH, UNWIND, RETURN, ORDER BY, SKIP, LIMIT and UNION are run"
SECOND = {"OPTIONAL": "MATCH", "ORDER": "BY", "STARTS": "WITH", "ENDS": "WITH", "IS": "NULL"}
# Not what keeps writes out (that is `AFTER`): these get a clearer message, and are not taken as names of variables.
WRITING = _words(
    """CREATE MERGE SET DELETE REMOVE DETACH NODETACH DROP ALTER INSERT LOAD COPY EXPORT IMPORT INSTALL UNINSTALL ATTACH
    USE CALL YIELD FOREACH EXPLAIN PROFILE BEGIN COMMIT ROLLBACK CHECKPOINT ANALYZE COMMENT RENAME GRANT DENY REVOKE
    SHOW TERMINATE FINISH"""
)
# Pure in every engine that has them. Left out on purpose: sequences, random numbers, whatever reads files or settings,
# and what makes huge texts (repeat, lpad, rpad).
FUNCTIONS = _words(
    """abs acos all allshortestpaths any asin atan atan2 avg cast ceil ceiling char_length coalesce collect concat
    concat_ws contains cos cost cot count count_if current_date current_timestamp date date.truncate date_part
    date_trunc datepart datetime datetime.truncate dayname degrees duration duration.between duration.indays
    duration.inmonths e element_at elementid end_node endnode ends_with exists exp floor greatest head id ifnull
    initcap interval is_acyclic is_trail isempty isnan keys label labels last last_day lcase least left length
    levenshtein list_any_value list_append list_concat list_contains list_distinct list_element list_extract
    list_filter list_has list_has_all list_has_any list_indexof list_max list_min list_position list_prepend
    list_product list_reduce list_reverse list_reverse_sort list_slice list_sort list_sum list_to_string
    list_transform list_unique ln localdatetime log log10 log2 lower ltrim make_date map map_extract map_keys
    map_values max md5 min monthname nodes none nullif offset percentilecont percentiledisc pi pow prefix
    properties radians rand range reduce regexp_extract regexp_extract_all regexp_full_match regexp_matches
    regexp_replace regexp_split_to_array relationships rels replace reverse right round rtrim sha256 shortestpath
    sign sin single size split split_part sqrt start_node startnode starts_with stdev stdevp string string_split
    struct_extract struct_pack substr substring suffix sum tail tan timestamp to_bool to_date to_days to_double
    to_float to_int64 to_string to_timestamp toboolean tobooleanornull tofloat tofloatornull tointeger
    tointegerornull tolower tostring tostringornull toupper trim type typeof ucase upper valuetype year"""
)
PATH_FUNCTIONS = ("shortestpath", "allshortestpaths")
