// The files in which a system keeps the rules of its time zones (RFC 9636).

import DshColumns
import DshDiagnostics
import DshSystem
import Synchronization

/// The rules of zones as bytes; each file is read once.
enum ZoneFiles {
  /// Where the system keeps the rules, unless `TZDIR` says otherwise.
  private static let systemFolder = "/usr/share/zoneinfo"
  /// No file of rules is larger.
  private static let byteLimit = 1 << 16

  private static let known = Mutex<[ExactText: [UInt8]]>([:])

  private static var folder: String {
    environmentVariable("TZDIR").flatMap { $0.isEmpty ? nil : $0 } ?? systemFolder
  }

  /// The rules of a zone; nil for UTC and for a distance from it, whose name tells it. Throws `bad-zone`.
  static func rules(_ name: String) throws(Diagnostic) -> [UInt8]? {
    if isOffset(name) { return nil }
    if let rules = known.withLock({ $0[ExactText(name)] }) { return rules }
    guard isPlausible(name), let rules = try? readWholeFile(joinPath(folder, name)), rules.count <= byteLimit else { throw missing(name) }
    known.withLock { $0[ExactText(name)] = rules }
    return rules
  }

  /// `Z`, `UTC` or a distance from it such as `+02:00`, for which no file is needed.
  private static func isOffset(_ name: String) -> Bool {
    if name == "UTC" { return true }
    return Array(name.utf8).withUnsafeBytes { text in
      var position = 0
      return Calendar.readZone(text, from: &position) != nil && position == text.count
    }
  }

  /// Whether it can be the name of a file in the folder: no way out of it, and nothing hidden.
  private static func isPlausible(_ name: String) -> Bool {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    return parts.allSatisfy { part in
      part.utf8.first.map { $0.isZoneLetter } ?? false && part.utf8.allSatisfy { $0.isZoneLetter || "+-_0123456789".utf8.contains($0) }
    }
  }

  /// What to say of a zone that is not there: a machine without any can't be blamed on a person.
  private static func missing(_ name: String) -> Diagnostic {
    let known = names(in: "")
    guard known.isEmpty else {
      return Diagnostic(.badZone, "no time zone \"\(Diagnostic.shown(name))\"", suggestion: advice(on: name, known))
    }
    return Diagnostic(
      .badZone, .environment, "this machine has no rules of time zones, such as \"\(Diagnostic.shown(name))\"",
      suggestion: "install tzdata, or write a distance such as \"+02:00\"", notes: ["looked for in: \(folder)"])
  }

  private static func advice(on name: String, _ known: [String]) -> Diagnostic.Suggestion {
    let lowered = name.lowercased().split(separator: " ").joined(separator: "_")
    let exact = known.first { $0.lowercased() == lowered || $0.lowercased().hasSuffix("/" + lowered) }
    return (exact ?? nearestName(to: name, in: known)).map(didYouMean)
      ?? "a place such as \"Europe/Berlin\", or a distance such as \"+02:00\""
  }

  private static func names(in part: String) -> [String] {
    let entries = (try? listFolder(joinPath(folder, part))) ?? []
    return entries.flatMap { entry -> [String] in
      // `posix` and `right` are all zones again.
      guard entry.name.utf8.first.map({ $0 >= UInt8(ascii: "A") && $0 <= UInt8(ascii: "Z") }) ?? false else { return [] }
      let name = part.isEmpty ? entry.name : part + "/" + entry.name
      return entry.isFolder ? names(in: name) : [name]
    }
  }
}

extension UInt8 {
  fileprivate var isZoneLetter: Bool { (self | 0x20) &- UInt8(ascii: "a") < 26 }
}
