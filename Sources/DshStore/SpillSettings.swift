// Where stores may put blocks on disk, and how much.
import DshDiagnostics
import DshSystem

/// Where a store may put blocks for which it has no room in memory, and how many bytes of them.
public struct SpillSettings: Hashable, Sendable {
  public var folder: String
  /// The most that one store keeps on disk.
  public var limitBytes: Int

  public init(folder: String, limitBytes: Int) {
    self.folder = folder
    self.limitBytes = limitBytes
  }

  /// Of the space that is free on disk, all nodes together take this share unless a person says how much.
  static let usualShare = 2
  /// No store keeps more on disk: the book about its space would take memory worth speaking of.
  static let largestBytes = 1 << 42

  /// The settings of each of some nodes; nil if nothing is to be written.
  ///
  /// - Parameters:
  ///   - folder: nil for the usual one, `TMPDIR` or `/var/tmp`.
  ///   - limitBytes: for all nodes together; nil for half of what is free.
  /// - Throws: what is wrong with a folder that was named.
  public init?(folder named: String?, limitBytes: Int?, nodes: Int) throws(Diagnostic) {
    let folder = named ?? NamelessFile.usualFolderOfLarge
    // Whether files can be made there shows when one is made.
    if named != nil, limitBytes != 0 {
      do throws(Diagnostic) { _ = try NamelessFile(in: folder) } catch {
        var refused = error
        refused.notes.append("blocks without room in memory are to go there: give --spill-directory a folder to write to, or leave it out")
        throw refused
      }
    }
    let all = limitBytes ?? NamelessFile.freeBytes(in: folder) / Self.usualShare
    guard all >= nodes else { return nil }
    self.init(folder: folder, limitBytes: min(Self.largestBytes, all / max(1, nodes)))
  }
}
