/** Pages for browsers on this machine: a server that answers nobody else, and what pages are put together from. */
package trm4j.cli.web;
