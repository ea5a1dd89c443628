// What to say to a person who writes as in another language: SQL, KQL, PRQL, dplyr, Python, nushell.
import DshDiagnostics

/// An answer to a statement that starts with what no statement starts with.
struct StartAdvice {
  var code: DiagnosticCode
  var message: String
  var suggestion: Diagnostic.Suggestion?
  /// How many bytes of the line are to blame; nil for the first token.
  var length: Int?
}

/// The stage that does what a verb or method of another language does, such as `use map`; nil if it is known in none.
public func adviceOnForeignVerb(_ word: String) -> String? {
  let lower = word.lowercased()
  return verbsOfOthers[lower].map { "use \($0)" } ?? verbsToCome[lower]
}

extension Parser {
  /// What was meant by the start of a statement; nil if nothing in particular.
  func adviceOnStart(_ line: String, _ token: Token) -> StartAdvice? {
    if line.hasPrefix("--") || line.hasPrefix("//") || line.hasPrefix("/*") {
      return StartAdvice(code: .commentStyle, message: "this is no comment", suggestion: "comments start with #", length: line.utf8.count)
    }
    if line.hasPrefix("?") {
      return StartAdvice(code: .unknownCommand, message: "no command \"?\"", suggestion: didYouMean("help"), length: 1)
    }
    if line.hasPrefix("dsh>") || line.hasPrefix("..>") {
      return StartAdvice(
        code: .unexpectedText, message: "the prompt is no part of the statement", suggestion: "leave it out",
        length: line.prefix { $0 != ">" }.utf8.count + 1)
    }
    let word = String(line.prefix { !" \t|;(".contains($0) })
    if token.kind == .string || token.kind == .rawString {
      return StartAdvice(
        code: .unexpectedText, message: "a statement can't start with a text", suggestion: "a file is read by: read \(text(of: token))")
    }
    let bare = word.drop { $0 == "." || $0 == "\\" || $0 == ":" }
    if bare.count < word.count, let known = commandAlias(String(bare)) {
      return StartAdvice(
        code: .unknownCommand, message: "no command \"\(word)\"", suggestion: didYouMean(known), length: word.utf8.count)
    }
    if looksLikePath(word) {
      return StartAdvice(
        code: .unexpectedText, message: "a path alone is no statement", suggestion: "a file is read by: read \(word)",
        length: word.utf8.count)
    }
    switch token.kind {
    case .openParenthesis:
      return StartAdvice(code: .unexpectedText, message: "a pipeline needs no parentheses here", suggestion: "leave them out")
    case .name where Keywords.inExpressions.contains(text(of: token)):
      return StartAdvice(
        code: .unexpectedText, message: "a statement can't start with \"\(text(of: token))\"",
        suggestion: "to go on with the line before, end that with the operator or a backslash")
    case .name where isMethod(word, of: line):
      let dot = word.firstIndex(of: ".") ?? word.endIndex
      let method = String(word[word.index(after: dot)...].prefix { $0 != "." })
      let verb = VerbRegistry.verb(named: method) != nil ? method : adviceOnVerb(method).map { "…; for \(method) \($0)" } ?? "…"
      return StartAdvice(
        code: .unexpectedText, message: "datasets have no methods", suggestion: "verbs stand behind a |: \(word[..<dot]) | \(verb)",
        length: word.utf8.count)
    case .name where line.dropFirst(text(of: token).count).first == "[":
      return StartAdvice(
        code: .unexpectedText, message: "datasets have no brackets",
        suggestion: "columns come by select, rows by filter: \(text(of: token)) | select …", length: text(of: token).utf8.count + 1)
    case .name:
      guard let known = commandAlias(text(of: token)) else { return nil }
      return StartAdvice(code: .unknownCommand, message: "no command \"\(text(of: token))\"", suggestion: didYouMean(known))
    default: return nil
    }
  }

  /// Whether a call of a method stands there, as in `df.head()`; the word ends before the parenthesis.
  private func isMethod(_ word: String, of line: String) -> Bool {
    let parts = word.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count > 1 && parts.allSatisfy { $0.utf8.first?.startsName ?? false && $0.utf8.allSatisfy(\.continuesName) }
      && line.dropFirst(word.count).first == "("
  }

  /// Whether a word is written as the name of a file is.
  func looksLikePath(_ word: String) -> Bool {
    if word.hasPrefix("/") || word.hasPrefix("./") || word.hasPrefix("../") || word.hasPrefix("~/") { return true }
    guard let first = word.utf8.first, first.startsName else { return false }
    return word.contains("/")
      || [".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".parquet", ".arrow", ".gz", ".txt"].contains { word.hasSuffix($0) }
  }

  private func commandAlias(_ word: String) -> String? {
    switch word.lowercased() {
    case "q", "bye", "logout", "quit", "exit": "quit"
    case "tables", "vars", "who", "ps": "datasets"
    case "h", "?", "man": "help"
    case "timer": "timing"
    case "include", "run", "load_script": "source"
    case "settings", "options": "set"
    case "dir": "ls"
    default: nil
    }
  }

  /// What to use for a verb of another language; nil if it is known in none.
  func adviceOnVerb(_ word: String) -> String? {
    let lower = word.lowercased()
    if lower != word, VerbRegistry.verb(named: lower) != nil { return "verbs are lower case: \(lower)" }
    return adviceOnForeignVerb(word)
  }

  /// What to say in a pair of parentheses that does not close where a word stands.
  func adviceInBrackets() -> Diagnostic.Suggestion? { isWord("as") || isWord("AS") ? "a cast is written x::type" : nil }

  /// What to say where a parenthesis opens behind a field: there are no methods.
  func adviceOnMethod() -> Diagnostic.Suggestion? {
    guard token.kind == .openParenthesis, token.start == previousEnd, previousKind == .name else { return nil }
    let name = bytes[..<previousEnd].reversed().prefix { $0.continuesName }
    guard previousEnd > name.count, bytes[previousEnd - name.count - 1] == UInt8(ascii: ".") else { return nil }
    return "there are no methods: a function stands before its value, as in \(String(decoding: name.reversed(), as: UTF8.self))(x)"
  }

  /// What to say behind the word of `count(distinct x)`.
  func adviceOnDistinct() -> Diagnostic.Suggestion? {
    let before = bytes[max(0, previousEnd - 8)..<previousEnd]
    return String(decoding: before, as: UTF8.self).lowercased() == "distinct"
      ? "different values are counted by: agg count_distinct(X)" : nil
  }

  /// What a mistyped verb of another language is called here; nil if it is near none.
  func adviceOnMistypedVerb(_ word: String) -> Diagnostic.Suggestion? {
    nearestName(to: word, in: verbsOfOthers.keys.sorted()).flatMap { verbsOfOthers[$0] }.map { "use \($0)" }
  }

  /// What to say about a word behind the operands of a verb.
  func adviceOnClause(_ word: String, verb: Verb) -> Diagnostic.Suggestion? {
    switch word.lowercased() {
    case "from": "start with the dataset: NAME | \(verb.name) …"
    case "where" where verb.signature == .aggregation: "a condition stands right behind its aggregate: count() where …"
    case "where", "having": "conditions are a stage: | filter …"
    case "order", "orderby": "order is a stage: | sort …"
    case "group", "groupby": "groups are a stage: | agg … by …"
    case "as": "a name stands before: NAME = EXPR"
    case "offset": "to pass over rows: limit --offset=M N"
    case "is": "null is tested by == null and != null"
    case "desc", "asc": verb.signature == .sortKeys ? nil : "order is a stage: | sort …"
    case "by":
      [.aggregation, .top, .pivot, .fills, .keyedNumber, .plot].contains(verb.signature) ? nil : "groups are a stage: | agg … by …"
    case "then", "else", "when", "end": "conditions are functions: if(c, a, b), case(c1, v1, …, else)"
    case "on": "rows of another dataset are joined by: | join NAME on KEY"
    case "if", "unless": "conditions are functions: if(c, a, b)"
    default: nil
    }
  }

  /// The advice for a character that starts no token.
  func adviceOnCharacter(_ character: String) -> Diagnostic.Suggestion? {
    switch character {
    case "\u{2018}", "\u{2019}", "\u{201C}", "\u{201D}": "use a plain quote: ' or \""
    case "\u{2013}", "\u{2014}", "\u{2212}": "use a plain minus sign: -"
    case "&": "use and"
    case "?": "use if(c, a, b); a default is written x ?? default"
    case "^": "use pow(x, y)"
    case "$": "a scalar is written $name"
    case "@": "a scalar is written $name"
    case "\\": "a backslash goes on with the line only at its end"
    default: nil
    }
  }
}

/// Verbs of other languages that nothing here does in one step.
private let verbsToCome: [String: String] = {
  let sets = "not there yet: join OTHER on KEY --how=semi keeps the rows that the other has, --how=anti those that it has not"
  return [
    "cross_join": "not there yet: join OTHER on a key that is the same in all rows, made by map k = 1",
    "join_asof": "not there yet: join by what is equal, then filter the order and keep the last: top 1 by T per KEY",
    "transpose": "not there yet: unpivot makes rows of columns, and pivot columns of values",
    "rotate": "not there yet: unpivot makes rows of columns, and pivot columns of values",
    "except": sets, "except_all": sets, "minus": sets, "intersect": sets, "intersect_all": sets, "subtract": sets,
    "delete": "files are never changed in place: filter keeps the rows that stay, and write makes a new file",
    "truncate": "files are never changed in place: filter keeps the rows that stay, and write makes a new file",
    "unnest": "not there yet: map NAME = X.FIELD, … makes a column of each field; for lists use flat_map",
  ]
}()

/// Verbs of other languages and the stage that does the same here.
private let verbsOfOthers: [String: String] = [
  "where": "filter", "having": "filter", "when": "filter", "keep": "filter or select",
  "derive": "map", "mutate": "map", "extend": "map", "insert": "map", "put": "map", "with_columns": "map", "with_column": "map",
  "assign": "map", "withcolumn": "map", "with_row": "map", "transmute": "select", "update": "map", "upsert": "map", "each": "map",
  "foreach": "map",
  "apply": "map", "transform": "map", "replace": "map X = replace(X, A, B)", "get": "select", "withcolumnrenamed": "rename",
  "alter": "map, rename or drop", "crosstab": "pivot count() by X in [A, B] per Y", "resample": "agg … by date_trunc(\"day\", X)",
  "nth": "limit --offset=N 1", "iloc": "limit --offset=N 1", "loc": "filter", "dropduplicates": "distinct",
  "glimpse": "schema, and take", "str": "schema", "dim": "schema, and count", "printschema": "schema", "math": "agg",
  "rbind": "union", "bind_rows": "union", "vstack": "union", "unionall": "union", "coalesce": "map X = X ?? VALUE",
  "create": "NAME = read FILE | …, which names a dataset", "createorreplacetempview": "NAME = …, which names a dataset",
  "use": "read FILE", "echo": "the expression alone, or take", "to": "write FILE, or take --format=…", "time": "timing on",
  "version": "dsh --version",
  "clear": "Ctrl-L", "cls": "Ctrl-L", "const": "let", "var": "let, or std and square it",
  "add_column": "map", "let_column": "map",
  "project": "select", "cut": "select", "columns": "select or schema", "pick": "select",
  "project-away": "drop", "reject": "drop", "exclude": "drop", "drop_columns": "drop", "rename_columns": "rename",
  "select_columns": "select",
  "group": "agg … by …", "groupby": "agg … by …", "group_by": "agg … by …", "summarize": "agg … by …", "summarise": "agg … by …",
  "aggregate": "agg", "stats1": "agg",
  "order": "sort", "orderby": "sort", "order_by": "sort", "arrange": "sort", "sortby": "sort", "sort_by": "sort", "sort_values": "sort",
  "merge": "join", "left_join": "join … --how=left", "inner_join": "join", "right_join": "join … --how=right",
  "full_join": "join … --how=full", "outer_join": "join … --how=full", "anti_join": "join … --how=anti", "semi_join": "join … --how=semi",
  "lookup": "join … --how=left", "lag": "map before = lag(X) over (sort KEY)", "lead": "map next = lead(X) over (sort KEY)",
  "window": "map … = f(X) over (by KEY sort KEY)", "rolling": "map … = mean(X) over (sort KEY rows N before)",
  "cumsum": "map … = sum(X) over (sort KEY)", "rank": "map … = rank() over (sort X desc)",
  "dense_rank": "map … = dense_rank() over (sort X desc)", "quantile": "agg quantile(X, 0.95)", "percentile": "agg quantile(X, 0.95)",
  "quantiles": "agg quantile(X, 0.25), quantile(X, 0.75)",
  "mode": "agg mode(X), or value_counts X", "median": "agg median(X)", "variance": "agg var(X)", "row_number": "with_row_number",
  "with_row_index": "with_row_number",
  "with_row_count": "with_row_number", "add_row_index": "with_row_number", "explode": "flat_map X = LIST", "flatten": "flat_map X = LIST",
  "unwind": "flat_map X = LIST", "cbind": "zip", "bind_cols": "zip", "hstack": "zip", "sample_n": "sample --rows=N",
  "sample_frac": "sample", "train_test_split": "train, test = … | split 0.8", "random_split": "train, test = … | split 0.8",
  "coalesce_partitions": "repartition", "rebalance": "repartition",
  "nunique": "agg count_distinct(X)", "count_distinct": "agg count_distinct(X)",
  "melt": "unpivot", "pivot_longer": "unpivot", "pivot_wider": "pivot", "stack": "unpivot", "unstack": "pivot", "spread": "pivot",
  "gather": "unpivot",
  "dropna": "filter X != null", "drop_nulls": "filter X != null", "fillna": "fill X = VALUE", "fill_null": "fill X = VALUE",
  "ffill": "fill --forward X", "forward_fill": "fill --forward X", "fill_down": "fill --forward X",
  "isin": "filter X in [A, B]", "query": "filter", "search": "filter X ~ \"word\"", "grep": "filter X ~ \"word\"",
  "nlargest": "top N by X", "nsmallest": "top N by X asc", "info": "schema", "shape": "schema, and count",
  "dedup": "distinct", "dedupe": "distinct", "uniq": "distinct, or unique X", "drop_duplicates": "distinct", "unique_rows": "distinct",
  "head": "take or limit", "first": "take or limit", "fetch": "take", "offset": "limit --offset=M N", "skip": "limit --offset=M N",
  "slice": "limit --offset=M N",
  "collect": "take_all", "to_list": "take_all", "rows_all": "take_all",
  "from": "read FILE, or the dataset's name alone", "load": "read", "open": "read", "scan": "read", "read_csv": "read",
  "read_parquet": "read",
  "read_json": "read", "import": "read", "cat": "read",
  "save": "write", "export": "write", "into": "write", "copy": "write", "to_csv": "write", "write_csv": "write", "write_parquet": "write",
  "dump": "write",
  "print": "take or show", "display": "take or show", "preview": "take or show",
  "describe": "schema", "desc": "schema", "dtypes": "schema", "types": "schema",
  "len": "count", "length": "count", "size": "count", "nrow": "count", "wc": "count",
  "avg": "mean", "average": "mean", "stddev": "std", "stdev": "std", "minimum": "min", "maximum": "max", "total": "sum",
  "cache": "persist", "pin": "persist", "unpin": "unpersist", "uncache": "unpersist", "compute": "materialize",
  "concat": "union", "append": "union", "union_all": "union",
  "plan": "explain", "analyze": "stats", "profile": "stats",
  "values": "rows", "seq": "range", "generate": "range",
]
