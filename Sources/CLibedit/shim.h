// The system line editor library.
#include <histedit.h>
