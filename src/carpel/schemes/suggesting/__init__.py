"""Help with refining a scheme: which segment to divide, which to join, each as a change that is ready to make."""
