// What takes compressed data apart, member by member and in pieces of any size.

/// The state between two pieces of one member; one thread uses it.
protocol Decompressor: AnyObject {
  /// Begins the first member, or the next.
  func begin() throws(CodecFailure)
  /// Goes on as far as there is input and room.
  func step(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) throws(CodecFailure) -> DecompressorStep
}

/// How far a step has come.
struct DecompressorStep {
  var consumed: Int
  var produced: Int
  /// Whether the member ends here.
  var isEnd: Bool
}

/// What a compression library says.
struct CodecFailure: Error {
  var reason: String

  init(_ reason: String) { self.reason = reason }

  static let noMemory = CodecFailure("out of memory")
}
