"""An invented area with a few sealed rows and views, to try the foundations on."""
