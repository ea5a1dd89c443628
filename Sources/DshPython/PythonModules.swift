// The Python modules that dsh carries inside of itself, as the bytes of their files.

/// Programs for the Python of the person's machine.
public enum PythonModules {
  /// The driver of Ray, one program of two files: Ray's workers are sent what they need of it by value, as they have none of its modules.
  public static var bridge: [UInt8] { PackageResources.dsh_remote_files_py + PackageResources.dsh_bridge_py }
  /// What makes a data frame over the memory of stores, one program of two files: how blocks lie there is what the package has to know too.
  public static var dataFrame: [UInt8] { PackageResources.dsh_blocks_py + PackageResources.dsh_frame_py }
  /// What runs a function over batches.
  public static var function: [UInt8] { PackageResources.dsh_function_py }
}
