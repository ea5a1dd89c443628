// The Python modules that dsh carries inside of itself, as the bytes of their files.

/// Programs for the Python of the person's machine.
public enum PythonModules {
  /// The driver of Ray.
  public static var bridge: [UInt8] { PackageResources.dsh_bridge_py }
}
