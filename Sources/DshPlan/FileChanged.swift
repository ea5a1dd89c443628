// A file that a plan can no longer be run over, as it is another one now.

/// A file that is not what it was when it was named.
public struct FileChanged: Error, Sendable {
  public var path: String

  public init(path: String) { self.path = path }
}
