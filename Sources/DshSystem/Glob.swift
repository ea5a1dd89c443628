// Path patterns: `*`, `**`, `?`, `[…]`, `{a,b}`.
import CDshSystem
import DshDiagnostics
import Glibc

/// A pattern with many braces grows by multiplication: a person's never comes near this, and memory stays bounded.
private let braceLimit = 4096
/// How deep `**` descends: deeper than any real tree of data, and an end for file systems that contain themselves.
private let depthLimit = 100

/// Whether a path has to be expanded.
public func isPattern(_ path: String) -> Bool {
  path.utf8.contains { [UInt8(ascii: "*"), UInt8(ascii: "?"), UInt8(ascii: "["), UInt8(ascii: "{")].contains($0) }
}

/// The existing paths that match a pattern, each once, in bytewise order. A leading dot of a name has to be written out.
///
/// `*` any characters but `/`; `?` one character; `[a-z]`, `[!a]` one character of a set; `{a,b}` alternatives; `**` as a whole part any
/// number of folders; a backslash takes the next character as it is.
///
/// - Parameter mayEnter: asked about each folder before anything in it is looked at.
/// - Throws: what keeps the system from listing a folder, but that it may not be read: that is passed over, as in the system's shell.
public func expandPattern(_ pattern: String, mayEnter: (String) -> Bool = { _ in true }) throws(Diagnostic) -> [String] {
  var found: Set<String> = []
  for alternative in try expandBraces(Array(pattern.utf8)) {
    let root =
      RemoteScheme(of: String(decoding: alternative, as: UTF8.self)).map { "\($0.rawValue)://" }
      ?? (alternative.first == UInt8(ascii: "/") ? "/" : "")
    let parts = alternative.dropFirst(root.utf8.count).split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: true).map(Array.init)
    try collect(parts[...], under: root, depth: 0, mayEnter, into: &found)
  }
  return found.sorted(by: isBytewiseBefore)
}

private func collect(
  _ parts: ArraySlice<[UInt8]>, under folder: String, depth: Int, _ mayEnter: (String) -> Bool, into found: inout Set<String>
) throws(Diagnostic) {
  let place = folder.isEmpty ? "." : folder
  guard let part = parts.first else {
    if !folder.isEmpty { found.insert(folder) }
    return
  }
  let rest = parts.dropFirst()
  if part == Array("**".utf8) {
    try collect(rest, under: folder, depth: depth, mayEnter, into: &found)
    if rest.isEmpty { try collect([Array("*".utf8)], under: folder, depth: depth, mayEnter, into: &found) }
    guard depth < depthLimit, mayEnter(place) else { return }
    for entry in try passable({ () throws(Diagnostic) in try listFolder(place) }) ?? [] where entry.isFolder && !entry.name.hasPrefix(".") {
      try collect(parts, under: joinPath(folder, entry.name), depth: depth + 1, mayEnter, into: &found)
    }
    return
  }
  guard part.contains(where: { [UInt8(ascii: "*"), UInt8(ascii: "?"), UInt8(ascii: "["), UInt8(ascii: "\\")].contains($0) }) else {
    let path = joinPath(folder, String(decoding: part, as: UTF8.self))
    if rest.isEmpty {
      guard mayEnter(place), try passable({ () throws(Diagnostic) in try FileStatus.ifThere(path) }) ?? nil != nil else { return }
    }
    return try collect(rest, under: path, depth: depth, mayEnter, into: &found)
  }
  guard mayEnter(place) else { return }
  for entry in try passable({ () throws(Diagnostic) in try listFolder(place) }) ?? [] {
    if entry.name.hasPrefix(".") && part.first != UInt8(ascii: ".") { continue }
    if !rest.isEmpty && !entry.isFolder && !entry.isLink { continue }
    if matches(part, Array(entry.name.utf8)) {
      try collect(rest, under: joinPath(folder, entry.name), depth: depth, mayEnter, into: &found)
    }
  }
}

/// What looking gives; nil where there is nothing, or nothing that may be looked at.
private func passable<Found>(_ look: () throws(Diagnostic) -> Found) throws(Diagnostic) -> Found? {
  do throws(Diagnostic) { return try look() } catch {
    if [.fileNotFound, .notAFolder, .permissionDenied].contains(error.code) { return nil }
    throw error
  }
}

/// Whether a name matches one part of a pattern (without `/`, `**` and braces). Cost: length of the pattern times length of the name.
public func matchesPattern(_ pattern: String, _ name: String) -> Bool { matches(Array(pattern.utf8), Array(name.utf8)) }

private func matches(_ pattern: [UInt8], _ name: [UInt8]) -> Bool {
  var p = 0
  var n = 0
  // The latest star and where the name stood: on a mismatch the star takes one character more.
  var retry: (pattern: Int, name: Int)?
  while n < name.count {
    if p < pattern.count, pattern[p] == UInt8(ascii: "*") {
      p += 1
      retry = (p, n)
      continue
    }
    if let (nextPattern, nextName) = matchOne(pattern, p, name, n) {
      (p, n) = (nextPattern, nextName)
      continue
    }
    guard let latest = retry else { return false }
    let taken = latest.name + characterLength(name, latest.name)
    retry = (latest.pattern, taken)
    (p, n) = (latest.pattern, taken)
  }
  while p < pattern.count, pattern[p] == UInt8(ascii: "*") { p += 1 }
  return p == pattern.count
}

/// Matches one element of the pattern against one character; where both go on.
private func matchOne(_ pattern: [UInt8], _ p: Int, _ name: [UInt8], _ n: Int) -> (Int, Int)? {
  guard p < pattern.count else { return nil }
  switch pattern[p] {
  case UInt8(ascii: "?"): return (p + 1, n + characterLength(name, n))
  case UInt8(ascii: "["):
    guard let end = setEnd(pattern, p) else { break }
    return isInSet(pattern[(p + 1)..<end], scalar(name, n)) ? (end + 1, n + characterLength(name, n)) : nil
  case UInt8(ascii: "\\") where p + 1 < pattern.count: return pattern[p + 1] == name[n] ? (p + 2, n + 1) : nil
  default: break
  }
  return pattern[p] == name[n] ? (p + 1, n + 1) : nil
}

/// Where a set closes; nil if it doesn't, and then `[` stands for itself. A `]` right at the start belongs to the set.
private func setEnd(_ pattern: [UInt8], _ start: Int) -> Int? {
  var first = start + 1
  if first < pattern.count, pattern[first] == UInt8(ascii: "!") || pattern[first] == UInt8(ascii: "^") { first += 1 }
  return first + 1 <= pattern.count ? pattern[min(first + 1, pattern.count)...].firstIndex(of: UInt8(ascii: "]")) : nil
}

private func isInSet(_ set: ArraySlice<UInt8>, _ character: UInt32) -> Bool {
  let bytes = Array(set)
  var position = 0
  var isNegated = false
  if let first = bytes.first, first == UInt8(ascii: "!") || first == UInt8(ascii: "^") {
    isNegated = true
    position = 1
  }
  while position < bytes.count {
    let low = scalar(bytes, position)
    position += characterLength(bytes, position)
    var high = low
    if position + 1 < bytes.count, bytes[position] == UInt8(ascii: "-") {
      high = scalar(bytes, position + 1)
      position += 1 + characterLength(bytes, position + 1)
    }
    if low <= character && character <= high { return !isNegated }
  }
  return isNegated
}

/// The length of the UTF-8 character at a position; 1 for bytes that are none.
private func characterLength(_ bytes: [UInt8], _ position: Int) -> Int {
  let length: Int
  switch bytes[position] {
  case 0xC0...0xDF: length = 2
  case 0xE0...0xEF: length = 3
  case 0xF0...0xF7: length = 4
  default: return 1
  }
  guard position + length <= bytes.count else { return 1 }
  for index in 1..<length where bytes[position + index] & 0xC0 != 0x80 { return 1 }
  return length
}

/// The character at a position as a number that compares like its code point.
private func scalar(_ bytes: [UInt8], _ position: Int) -> UInt32 {
  let length = characterLength(bytes, position)
  if length == 1 { return UInt32(bytes[position]) }
  var value = UInt32(bytes[position]) & (0xFF >> UInt32(length + 1))
  for index in 1..<length { value = value << 6 | UInt32(bytes[position + index] & 0x3F) }
  return value
}

/// The alternatives of a pattern, braces multiplied out, nested ones too.
private func expandBraces(_ pattern: [UInt8]) throws(Diagnostic) -> [[UInt8]] {
  var results: [[UInt8]] = []
  var open: [[UInt8]] = [pattern]
  while let next = open.popLast() {
    guard let (before, alternatives, after) = splitFirstBrace(next) else {
      results.append(next)
      continue
    }
    for alternative in alternatives.reversed() { open.append(before + alternative + after) }
    if results.count + open.count > braceLimit {
      throw Diagnostic(.patternTooWide, "a path pattern has more than \(braceLimit) alternatives")
    }
  }
  return results
}

/// Splits at the first brace that has a partner and a comma.
private func splitFirstBrace(_ pattern: [UInt8]) -> (before: [UInt8], alternatives: [[UInt8]], after: [UInt8])? {
  var start = 0
  while let open = pattern[start...].firstIndex(of: UInt8(ascii: "{")) {
    if open > 0, pattern[open - 1] == UInt8(ascii: "\\") {
      start = open + 1
      continue
    }
    var depth = 0
    var commas: [Int] = []
    for position in open..<pattern.count {
      switch pattern[position] {
      case UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: ",") where depth == 1: commas.append(position)
      case UInt8(ascii: "}"): depth -= 1
      default: break
      }
      if depth == 0 && !commas.isEmpty {
        let borders = [open] + commas + [position]
        let alternatives = zip(borders, borders.dropFirst()).map { Array(pattern[($0 + 1)..<$1]) }
        return (Array(pattern[..<open]), alternatives, Array(pattern[(position + 1)...]))
      }
      if depth == 0 { break }
    }
    start = open + 1
  }
  return nil
}
