// A module needs a file to compile; everything is in the libraries.
#include "CCodecs.h"
