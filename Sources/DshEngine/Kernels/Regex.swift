// Regular expressions over UTF-8 bytes: PCRE2 with its compiler to machine code, limited so that no pattern can hang.

import CPCRE2
import DshDiagnostics

/// A compiled pattern.
///
/// `@unchecked Sendable`: the compiled code is never changed after `init`; everything a match writes belongs to a `Matcher`.
final class Regex: @unchecked Sendable {
  /// The work one text may cost, as PCRE2 counts steps: milliseconds for a text of a cell, far more than an honest pattern needs. Longer texts
  /// may take more in proportion, as an honest pattern does; what a bad one needs grows faster than any proportion.
  static func matchLimit(textBytes: Int) -> UInt32 { UInt32(clamping: 1_000_000 + 200 * textBytes) }
  /// The memory one match may take, in KiB.
  static let heapLimitKilobytes: UInt32 = 16 << 10
  /// The stack of compiled patterns: as much as PCRE2's own documentation recommends.
  static let stackByteLimit = 1 << 20
  /// The longest pattern, in bytes: a longer one is data in the wrong place.
  static let patternByteLimit = 32 << 10

  fileprivate let code: OpaquePointer
  let groupCount: Int
  /// Whether there is machine code for it.
  fileprivate let isMachineCode: Bool

  init(_ pattern: String) throws(Diagnostic) {
    var pattern = pattern
    if pattern.utf8.count > Self.patternByteLimit {
      throw Diagnostic(.badRegex, "a regular expression of more than \(Self.patternByteLimit) bytes: \(pattern.utf8.count)")
    }
    var errorCode: Int32 = 0
    var errorOffset = 0
    // Texts of files need not be valid UTF-8; PCRE2 then matches around the invalid bytes.
    let options = PCRE2_UTF | PCRE2_UCP | PCRE2_MATCH_INVALID_UTF
    let compiled = pattern.withUTF8 { bytes in
      pcre2_compile_8(bytes.baseAddress, bytes.count, options, &errorCode, &errorOffset, nil)
    }
    guard let compiled else {
      let place = String(decoding: Array(pattern.utf8).prefix(errorOffset), as: UTF8.self).unicodeScalars.count
      throw Diagnostic(.badRegex, "not a regular expression, \(Self.message(errorCode)) at character \(place + 1): \(pattern)")
    }
    code = compiled
    // Refused only where the processor has no compiler in PCRE2; the interpreter then gives the same answers.
    isMachineCode = pcre2_jit_compile_8(compiled, PCRE2_JIT_COMPLETE) == 0
    var groups: UInt32 = 0
    _ = pcre2_pattern_info_8(compiled, UInt32(PCRE2_INFO_CAPTURECOUNT), &groups)
    groupCount = Int(groups)
  }

  deinit { pcre2_code_free_8(code) }

  /// The names of the groups, by their numbers from 1; nil for those without.
  var groupNames: [String?] {
    var names = [String?](repeating: nil, count: groupCount)
    var (count, entryBytes): (UInt32, UInt32) = (0, 0)
    var table: UnsafePointer<UInt8>?
    _ = pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_NAMECOUNT), &count)
    _ = pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_NAMEENTRYSIZE), &entryBytes)
    _ = pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_NAMETABLE), &table)
    guard let table else { return names }
    // An entry is the number in two bytes, the high one first, and the name with a zero behind it.
    for entry in 0..<Int(count) {
      let start = table + entry * Int(entryBytes)
      let number = Int(start[0]) << 8 | Int(start[1])
      if 1...groupCount ~= number { names[number - 1] = String(cString: start + 2) }
    }
    return names
  }

  private static func message(_ errorCode: Int32) -> String {
    var buffer = [UInt8](repeating: 0, count: 256)
    let length = pcre2_get_error_message_8(errorCode, &buffer, buffer.count)
    return length > 0 ? String(decoding: buffer.prefix(Int(length)), as: UTF8.self) : "error \(errorCode)"
  }
}

/// The scratch memory of matching with one pattern, for one thread.
final class Matcher {
  enum Outcome { case match, noMatch, tooCostly }

  private let regex: Regex
  private let data: OpaquePointer?
  private let context: OpaquePointer?
  private let stack: OpaquePointer?

  /// The longest text looked at so far, which the limit of steps goes by.
  private var longestText = -1

  init(_ regex: Regex) {
    self.regex = regex
    data = pcre2_match_data_create_from_pattern_8(regex.code, nil)
    context = pcre2_match_context_create_8(nil)
    stack = pcre2_jit_stack_create_8(32 << 10, Regex.stackByteLimit, nil)
    if let context {
      _ = pcre2_set_heap_limit_8(context, Regex.heapLimitKilobytes)
      if let stack { pcre2_jit_stack_assign_8(context, nil, UnsafeMutableRawPointer(stack)) }
    }
  }

  deinit {
    pcre2_match_data_free_8(data)
    pcre2_match_context_free_8(context)
    pcre2_jit_stack_free_8(stack)
  }

  /// Looks for the pattern from a byte offset on; as a whole, the match must begin there and end with the text.
  func find(in text: TextSlice, from start: Int = 0, isRepeatAfterEmpty: Bool = false, isWhole: Bool = false) -> Outcome {
    // An empty slice may have no address; PCRE2 wants one.
    let empty: StaticString = ""
    if text.count > longestText {
      longestText = text.count
      if let context { _ = pcre2_set_match_limit_8(context, Regex.matchLimit(textBytes: longestText)) }
    }
    let options =
      isRepeatAfterEmpty ? PCRE2_NOTEMPTY_ATSTART | PCRE2_ANCHORED : isWhole ? PCRE2_ANCHORED | PCRE2_ENDANCHORED : 0
    let address = text.baseAddress ?? empty.utf8Start
    // Machine code knows no anchors as options; where there are none, it is called without looking for what is right anyway.
    let result =
      options == 0 && regex.isMachineCode
      ? pcre2_jit_match_8(regex.code, address, text.count, start, 0, data, context)
      : pcre2_match_8(regex.code, address, text.count, start, options, data, context)
    if result > 0 { return .match }
    return result == PCRE2_ERROR_NOMATCH ? .noMatch : .tooCostly
  }

  /// The bytes of a group of the last match, 0 for all of it; nil if the group took no part.
  func group(_ index: Int) -> Range<Int>? {
    guard index >= 0, index <= regex.groupCount, let vector = pcre2_get_ovector_pointer_8(data) else { return nil }
    let (start, end) = (vector[2 * index], vector[2 * index + 1])
    // A look-behind with \K can end before it starts; PCRE2's mark of an unset group is the largest offset.
    return start <= end && end != Int.max && start != ~0 ? Int(start)..<Int(end) : nil
  }

  /// Calls `body` for every match from left to right; false if the text is too costly.
  func forEachMatch(in text: TextSlice, _ body: () -> Void) -> Bool {
    var start = 0
    var isRepeat = false
    while start <= text.count {
      switch find(in: text, from: start, isRepeatAfterEmpty: isRepeat) {
      case .tooCostly: return false
      case .noMatch:
        if !isRepeat { return true }
        // After an empty match nothing else begins here: step over one scalar.
        start += 1
        while start < text.count && text[start] & 0xC0 == 0x80 { start += 1 }
        isRepeat = false
      case .match:
        guard let range = group(0) else { return true }
        body()
        isRepeat = range.isEmpty
        start = max(range.upperBound, start)
      }
    }
    return true
  }
}

extension Diagnostic {
  static let regexTooCostly = Diagnostic(
    .regexTooCostly, "a regular expression took too many steps on one text",
    suggestion: "avoid nested repetitions such as (a+)+")
}
