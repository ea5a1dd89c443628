// What a kept dataset was made from, as it was then, and what differs now.

import DshColumns
import DshDiagnostics
import DshSystem

/// One input of a kept dataset: the files of a `read`, or the file of another kept dataset.
struct KeptInput: Sendable, Equatable {
  /// A file as it was when its rows were taken.
  struct File: Sendable, Equatable {
    /// Absolute.
    var path: String
    var identity: FileIdentity
  }

  var files: [File]
  /// The step of the recipe that finds the files anew, by a pattern or in a folder; nil where they are named one by one.
  var step: Int?
}

/// How inputs differ from what they were.
struct InputChanges: Equatable {
  /// The names of files, each as short as it is told.
  var changed: [String] = []
  var gone: [String] = []
  var new: [String] = []

  var isEmpty: Bool { changed.isEmpty && gone.isEmpty && new.isEmpty }

  /// Compares the files of an input with those that are there now.
  ///
  /// - Parameter identity: which file a path leads to now; nil if to none.
  mutating func compare(_ then: [KeptInput.File], with now: [String], identity: (String) -> FileIdentity?) {
    let before = Set(then.map { ExactText($0.path) })
    let there = Set(now.map { ExactText($0) })
    for file in then {
      guard there.contains(ExactText(file.path)), let found = identity(file.path) else {
        gone.append(baseName(file.path))
        continue
      }
      if !found.isState(of: file.identity) { changed.append(baseName(file.path)) }
    }
    new += now.filter { !before.contains(ExactText($0)) }.map(baseName)
  }

  /// `flights.csv changed`, `2 files are new`; nil if nothing differs.
  var sentence: String? {
    let parts = [
      Self.part(changed, one: "changed", several: "changed"), Self.part(gone, one: "is gone", several: "are gone"),
      Self.part(new, one: "is new", several: "are new"),
    ].compactMap { $0 }
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }

  private static func part(_ names: [String], one: String, several: String) -> String? {
    names.isEmpty ? nil : names.count == 1 ? "\(names[0]) \(one)" : "\(counted(names.count, "file")) \(several)"
  }
}

extension FileIdentity {
  /// Whether a file is what it was. The number of its device is left out: it may be another one whenever the machine starts.
  fileprivate func isState(of other: FileIdentity) -> Bool {
    inode == other.inode && sizeBytes == other.sizeBytes && modifiedNanoseconds == other.modifiedNanoseconds
      && changedNanoseconds == other.changedNanoseconds
  }
}

extension KeptInput {
  func encode(to writer: inout ByteWriter) {
    writer.write(files) { writer, file in
      writer.write(file.path)
      writer.write(file.identity.numbers) { $0.write($1) }
    }
    writer.write(step) { $0.write($1) }
  }

  init(from reader: inout ByteReader) throws {
    files = try reader.readArray { reader in
      let path = try reader.readString()
      guard let identity = FileIdentity(numbers: try reader.readArray { try $0.readInt64() }) else {
        throw DecodingFailure("a file without its identity")
      }
      return File(path: path, identity: identity)
    }
    step = try reader.readOptional { try $0.readInt() }
  }
}
