// Extracting and replacing by regular expressions, and whether one is found.

import DshColumns
import DshDiagnostics
import DshPlan

extension FunctionRegistry {
  static let regularExpressions = [
    Function(
      "regex_match", .text, ["text", "pattern"], [.from(.string, .string, to: .bool)],
      "Whether a regular expression (PCRE2) is found somewhere in a text: `text ~ pattern`.",
      examples: [("regex_match(\"abc\", \"b\")", "true"), ("regex_match(\"abc\", \"^b\")", "false")]
    ) { site throws(Diagnostic) in try matchKernel(site, negated: false) },
    Function(
      "regex_extract", .text, ["text", "pattern", "group"], [.from(.string, .string, .int64, optional: 1, to: .string)],
      "The first match of a regular expression, or one of its groups; null if there is none.",
      examples: [
        ("regex_extract(\"flight UA-815\", \"[0-9]+\")", "815"), ("regex_extract(\"k=v\", \"(.)=(.)\", 2)", "v"),
        ("regex_extract(\"a\", \"b\")", "null"),
      ]
    ) { site throws(Diagnostic) in
      let pattern = try Pattern(site, argument: 1)
      try pattern.checkGroup(site)
      return Kernel(canFail: true) { call in
        let texts = TextArgument(call.arguments[0])
        let groups = call.arguments.count > 2 ? FixedArgument<Int64>(call.arguments[2]) : nil
        var matchers = pattern.matchers(call)
        return call.optionalTexts { row, output in
          guard let matcher = matchers.matcher(row) else { return false }
          switch matcher.find(in: texts[row]) {
          case .noMatch: return false
          case .tooCostly:
            call.fail(row, .regexTooCostly)
            return false
          case .match:
            guard let range = matcher.group(Int(clamping: groups?[row] ?? 0)) else { return false }
            output.append(texts[row].part(range))
            return true
          }
        }
      }
    },
    Function(
      "regex_extract_all", .text, ["text", "pattern", "group"], [.from(.string, .string, .int64, optional: 1, to: .list(.string))],
      "All matches of a regular expression as a list, or one of the groups of each (empty where it took no part).",
      examples: [
        ("regex_extract_all(\"a1b22\", \"[0-9]+\")", "[1, 22]"), ("regex_extract_all(\"none\", \"[0-9]\")", "[]"),
        ("regex_extract_all(\"a=1 b=2\", \"(.)=(.)\", 2)", "[1, 2]"),
      ]
    ) { site throws(Diagnostic) in
      let pattern = try Pattern(site, argument: 1)
      try pattern.checkGroup(site)
      return Kernel(canFail: true) { call in
        let texts = TextArgument(call.arguments[0])
        let groups = call.arguments.count > 2 ? FixedArgument<Int64>(call.arguments[2]) : nil
        var matchers = pattern.matchers(call)
        return call.textLists { row, output in
          guard let matcher = matchers.matcher(row) else { return }
          let isDone = matcher.forEachMatch(in: texts[row]) {
            if let range = matcher.group(Int(clamping: groups?[row] ?? 0)) { output.append(texts[row].part(range)) }
            output.endRow()
          }
          if !isDone { call.fail(row, .regexTooCostly) }
        }
      }
    },
    Function(
      "regex_replace", .text, ["text", "pattern", "replacement"], [.from(.string, .string, .string, to: .string)],
      "The text with every match exchanged; `$1` or `\\\\1` in the replacement stands for a group, `$0` for the match.",
      examples: [
        ("regex_replace(\"2024-01-31\", \"(\\\\d+)-(\\\\d+)-(\\\\d+)\", \"$3.$2.$1\")", "31.01.2024"),
        ("regex_replace(\"a  b\", \" +\", \" \")", "a b"),
      ]
    ) { site throws(Diagnostic) in try replaceKernel(site, all: true) },
    Function(
      "regex_replace_first", .text, ["text", "pattern", "replacement"], [.from(.string, .string, .string, to: .string)],
      "The text with the first match exchanged, as `regex_replace` does with all.",
      examples: [
        ("regex_replace_first(\"a-b-c\", \"-\", \"+\")", "a+b-c"), ("regex_replace_first(\"abc\", \"x\", \"y\")", "abc"),
      ]
    ) { site throws(Diagnostic) in try replaceKernel(site, all: false) },
  ]

  private static func replaceKernel(_ site: CallSite, all: Bool) throws(Diagnostic) -> Kernel {
    let pattern = try Pattern(site, argument: 1)
    return Kernel(canFail: true) { call in
      let texts = TextArgument(call.arguments[0])
      let replacements = TextArgument(call.arguments[2])
      var matchers = pattern.matchers(call)
      return call.texts { row, output in
        let text = texts[row]
        guard let matcher = matchers.matcher(row) else { return }
        var copied = 0
        let before = output.bytes.byteCount
        func replace() {
          guard let range = matcher.group(0), range.lowerBound >= copied,
            output.bytes.byteCount - before <= TextOutput.valueByteLimit
          else { return }
          output.append(text.part(copied..<range.lowerBound))
          output.appendReplacement(replacements[row], matcher, text)
          copied = range.upperBound
        }
        let isDone: Bool
        if all {
          isDone = matcher.forEachMatch(in: text, replace)
        } else {
          let outcome = matcher.find(in: text)
          if outcome == .match { replace() }
          isDone = outcome != .tooCostly
        }
        output.append(text.part(copied..<text.count))
        if !isDone { call.fail(row, .regexTooCostly) }
        if !call.mayMake(byteCount: output.bytes.byteCount - before, row: row) { output.bytes.byteCount = before }
      }
    }
  }
}

extension TextOutput {
  /// Appends a replacement with its `$n` and `\n` exchanged for groups of the last match; `$$` is a dollar sign.
  fileprivate func appendReplacement(_ replacement: TextSlice, _ matcher: Matcher, _ text: TextSlice) {
    var index = 0
    while index < replacement.count {
      let byte = replacement[index]
      let next = index + 1 < replacement.count ? replacement[index + 1] : 0
      if byte == UInt8(ascii: "$") || byte == UInt8(ascii: "\\") {
        if next >= UInt8(ascii: "0") && next <= UInt8(ascii: "9") {
          if let range = matcher.group(Int(next - UInt8(ascii: "0"))) { append(text.part(range)) }
          index += 2
          continue
        }
        if next == byte {
          append(byte)
          index += 2
          continue
        }
      }
      append(byte)
      index += 1
    }
  }
}
