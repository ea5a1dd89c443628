// Time zones: a call carries the data of its zone, so that no node reads files and all use the same rules.

import DshColumns
import DshDiagnostics
import DshLanguage
import DshSystem

extension Binder {
  /// Where the system keeps the rules of time zones.
  private static let zoneFolder = "/usr/share/zoneinfo"
  /// No file of rules is larger.
  private static let zoneByteLimit = 1 << 16

  /// Adds the data of the zone to the arguments of a function that takes one; false after reporting why there is none.
  mutating func addZone(to arguments: inout [Expression], of function: String, written: [ExpressionSyntax], span: SourceSpan) -> Bool {
    guard let names = functions.signature(of: function)?.parameterNames, let index = names.firstIndex(of: "zone"),
      arguments.indices.contains(index)
    else { return true }
    guard case .literal(.string(let name), _) = arguments[index] else {
      if arguments[index].isConstant || arguments[index].type != .string { return true }
      report(
        Diagnostic(
          .badZone, "the zone is one text for all rows, not a column", span: written[index].span,
          suggestion: "filter the rows of each zone, or use if(zone == \"…\", …)"))
      return false
    }
    if Self.isOffset(name) { return true }
    do {
      guard Self.isPlausible(name), let data = try? readWholeFile(joinPath(Self.zoneFolder, name)), data.count <= Self.zoneByteLimit else {
        throw Diagnostic(.badZone, "no time zone \"\(name)\"", suggestion: Self.adviceOnZone(name))
      }
      arguments.append(.literal(.binary(data), .binary))
      return true
    } catch let diagnostic {
      report((diagnostic as? Diagnostic ?? Diagnostic(.badZone, "no time zone \"\(name)\"")).at(written[index].span))
      return false
    }
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

  private static func adviceOnZone(_ name: String) -> Diagnostic.Suggestion {
    let known = zoneNames(in: "")
    if known.isEmpty { return "this machine has no time zones in \(zoneFolder): install tzdata, or write a distance such as \"+02:00\"" }
    let lowered = name.lowercased().split(separator: " ").joined(separator: "_")
    let exact = known.first { $0.lowercased() == lowered || $0.lowercased().hasSuffix("/" + lowered) }
    return (exact ?? nearestName(to: name, in: known)).map(didYouMean)
      ?? "a place such as \"Europe/Berlin\", or a distance such as \"+02:00\""
  }

  private static func zoneNames(in folder: String) -> [String] {
    let entries = (try? listFolder(joinPath(zoneFolder, folder))) ?? []
    return entries.flatMap { entry -> [String] in
      // `posix` and `right` are all zones again.
      guard entry.name.utf8.first.map({ $0 >= UInt8(ascii: "A") && $0 <= UInt8(ascii: "Z") }) ?? false else { return [] }
      let name = folder.isEmpty ? entry.name : folder + "/" + entry.name
      return entry.isFolder ? zoneNames(in: name) : [name]
    }
  }
}

extension UInt8 {
  fileprivate var isZoneLetter: Bool { (self | 0x20) &- UInt8(ascii: "a") < 26 }
}
